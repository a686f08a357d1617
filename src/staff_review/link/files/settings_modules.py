"""Modules that a framework takes its settings from, as they run where others are served."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .index import FileIndex
from .program import Program

_SETTINGS = re.compile(r"(?:^|/)(?:settings|config)(?:/\w+)?\.py$")
_NOT_FOR_ALL = re.compile(r"dev|local|test|debug|ci|example|sample|template|docker|e2e|bench")


def settings_modules(program: Program) -> Iterator[FileIndex]:
    """Every module of settings that is not named for developers or tests, in the order of files."""
    for path in sorted(program.shelf.paths()):
        if is_settings_module(path):
            file = program.file(path)
            if file is not None:
                yield file


def is_settings_module(path: str) -> bool:
    """Whether a file is a module of settings that is not named for developers or tests."""
    return bool(_SETTINGS.search(path)) and not _NOT_FOR_ALL.search(path.rpartition("/")[2])
