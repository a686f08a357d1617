"""Folders in which a project keeps copies of other people's libraries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from ..nouns.findings import Gap
from .files import Entry

_NAMES = re.compile(r"_?(?:libs?|vendor(?:s|ed)?|third_?party|extern(?:al)?)_?(?:py)?\d*")
"""What people call such a folder, for one Python or for another."""
_ENOUGH = 3
"""Libraries that a folder holds before it is one of copies: a wrapper may bear the name of what it wraps."""


def without_copies(files: Iterable[Entry], installed: AbstractSet[str]) -> tuple[list[Entry], list[Gap]]:
    """The files that are the project's own, and a gap for each folder of copies: they are known as what is installed.

    `installed` are the roots of libraries. A folder that holds all files is what was asked for, copies or not.
    """
    files = [*files]
    packages = {_folder(entry) for entry in files if entry.path.endswith("/__init__.py")}
    held: dict[str, list[str]] = {}
    for package in sorted(packages):
        folder, _, name = package.rpartition("/")
        if name in installed and _NAMES.fullmatch(folder.rpartition("/")[2]) and folder not in packages:
            held.setdefault(folder, []).append(name)
    copies = {folder: names for folder, names in held.items() if len(names) >= _ENOUGH}
    own = [entry for entry in files if not any(entry.path.startswith(f"{folder}/") for folder in copies)]
    return (own, [_gap(folder, names) for folder, names in copies.items()]) if own else (files, [])


def _folder(entry: Entry) -> str:
    return entry.path.rpartition("/")[0]


def _gap(folder: str, names: list[str]) -> Gap:
    return Gap(folder, 0, f"copies of libraries, from `{names[0]}` to `{names[-1]}`: name the folder to look at them")
