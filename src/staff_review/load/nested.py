"""Which files say what the settings are: those above a folder, and those of the folders below it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from .git import GitFailure, asked, repository_of
from .regular import contents
from .toml import Document, document_of
from .walk import SKIPPED, SKIPPED_SUFFIXES, walked

OWN_FILE = "staff-review.toml"
SHARED_FILE = "pyproject.toml"
TABLE = ("tool", "staff-review")
_NAMES = (OWN_FILE, SHARED_FILE)
_MOST_BYTES = 1_000_000


def above(folder: str) -> list[Document]:
    """The settings files that govern a folder, the farthest first: those up to its git root, else the nearest one."""
    root = repository_of(folder)
    found: list[Document] = []
    while True:
        document = settings_in(folder)
        if document is not None:
            found.append(document)
        parent = os.path.dirname(folder)
        if folder in (root, parent) or (found and root is None):
            return found[::-1]
        folder = parent


def below(folder: str, skipped: Callable[[str], bool]) -> list[Document]:
    """The settings files of the folders inside a folder, the outer ones first; none of folders that are `skipped`."""
    folders = {os.path.dirname(f"{folder}/{name}") for name in _names_below(folder) if not skipped(name)}
    found = [settings_in(one) for one in sorted(folders) if one != folder]
    return [document for document in found if document is not None]


def settings_in(folder: str) -> Document | None:
    """The settings file that stands in a folder itself: our own, or a shared one with our table in it."""
    own = os.path.join(folder, OWN_FILE)
    if os.path.isfile(own):
        return document_of(own)
    shared = os.path.join(folder, SHARED_FILE)
    return document_of(shared) if is_ours(shared) else None


def is_ours(path: str) -> bool:
    """Whether a file holds settings of ours; raises UsageError when it means to and cannot be read."""
    if os.path.basename(path) != SHARED_FILE:
        return True
    return _mentions_us(path) and bool(inside(document_of(path)))


def inside(document: Document) -> tuple[str, ...]:
    """The steps to our table in a shared file; none for a file of our own, or when it is not there."""
    tools = document.table.get(TABLE[0])
    shared = os.path.basename(document.path) == SHARED_FILE
    return TABLE if shared and isinstance(tools, dict) and TABLE[1] in tools else ()


def _names_below(folder: str) -> Iterable[str]:
    """Settings files inside a folder, as seen from there: as git lists them where there is git."""
    if repository_of(folder) is not None:
        patterns = [pattern for name in _NAMES for pattern in (name, f"**/{name}")]
        which = ("--cached", "--others", "--exclude-standard")
        listed = asked(folder, "ls-files", "-z", *which, "--", *(f":(glob){pattern}" for pattern in patterns))
        if not isinstance(listed, GitFailure):
            names = os.fsdecode(listed).split("\0")[:-1]
            return [name for name in names if not _skipped(name)]
    return [name for name in walked(folder, "", _NAMES).files if os.path.basename(name) in _NAMES]


def _skipped(name: str) -> bool:
    return any(part in SKIPPED or part.endswith(SKIPPED_SUFFIXES) for part in name.split("/")[:-1])


def _mentions_us(path: str) -> bool:
    """Whether a shared file may hold our table; when it does not, its mistakes are nothing to us."""
    try:
        return TABLE[-1].encode() in contents(path, _MOST_BYTES)
    except OSError:
        return False
