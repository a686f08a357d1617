"""Files below a folder without git's help: the same ignore files, read by ourselves."""

from __future__ import annotations

import os

import msgspec

from .patterns import Spec, spec_of
from .regular import contents, why

_IGNORE_FILE = ".gitignore"
_IGNORE_BYTES = 1_000_000
SKIPPED = (
    ".git", ".hg", ".svn", ".bzr", "node_modules", "bower_components", "__pycache__", "__pypackages__", "site-packages",
    ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".eggs", ".staff-review-cache",
)  # fmt: skip
"""Folders that never hold the user's own code."""

SKIPPED_SUFFIXES = (".egg-info", ".egg", ".dist-info")

_Rules = tuple[tuple[str, Spec], ...]


class Walked(msgspec.Struct, frozen=True):
    """Names relative to the folder, with slashes: `files`, `repositories` inside it; `troubles` by name, in words."""

    files: tuple[str, ...]
    repositories: tuple[str, ...]
    troubles: tuple[tuple[str, str], ...]


class _Walk:
    """One walk below `top`; names are relative to it, with slashes, and a folder's name ends with one."""

    def __init__(self, top: str, suffixes: tuple[str, ...]) -> None:
        self.top = top
        self.suffixes = suffixes
        self.files: list[str] = []
        self.repositories: list[str] = []
        self.troubles: list[tuple[str, str]] = []

    def rules_at(self, folder: str, above: _Rules) -> _Rules:
        """The ignore rules in force in `folder`, the nearest last."""
        try:
            data = contents(os.path.join(self.top, folder + _IGNORE_FILE), _IGNORE_BYTES)
        except FileNotFoundError:
            return above
        except OSError as error:
            self.troubles.append((folder + _IGNORE_FILE, f"not followed: {why(error)}"))
            return above
        spec, refused = spec_of(data.decode("utf-8", "replace").replace("\r", "").split("\n"))
        self.troubles.extend((folder + _IGNORE_FILE, f"the pattern `{line}` is not followed") for line in refused)
        return (*above, (folder, spec))

    def descend(self, start: str, rules: _Rules) -> None:
        """Visit `start` and all below it, nearest first; links to folders are not followed."""
        waiting = [(start, rules)]
        while waiting:
            folder, above = waiting.pop()
            try:
                with os.scandir(os.path.join(self.top, folder)) as found:
                    entries = sorted(found, key=_by_name)
            except OSError as error:
                self.troubles.append((folder, f"cannot be read: {why(error)}"))
                continue
            names = {entry.name for entry in entries}
            if folder != start and "pyvenv.cfg" in names:
                continue
            if folder != start and ".git" in names:
                self.repositories.append(folder.rstrip("/"))
                continue
            here = self.rules_at(folder, above) if _IGNORE_FILE in names else above
            waiting.extend((inner, here) for inner in self.visit(folder, entries, here))

    def visit(self, folder: str, entries: list[os.DirEntry[str]], rules: _Rules) -> list[str]:
        """Take the files of one folder; the folders in it that are to be visited."""
        inner: list[str] = []
        for entry in entries:
            name = folder + entry.name
            if _is_folder(entry):
                if not is_skipped(entry.name) and not _ignored(name + "/", rules):
                    inner.append(name + "/")
            elif name.endswith(self.suffixes) and not _ignored(name, rules):
                self.files.append(name)
        return inner


def walked(top: str, start: str, suffixes: tuple[str, ...]) -> Walked:
    """Files below ``top/start`` that end in `suffixes` and that no ignore file from `top` down covers.

    Names in the answer are relative to ``top/start``; `start` is "" or a path with slashes.
    """
    walk = _Walk(top, suffixes)
    rules: _Rules = ()
    prefix = ""
    for part in start.split("/") if start else ():
        rules = walk.rules_at(prefix, rules)
        prefix += part + "/"
    walk.descend(prefix, rules)
    size = len(prefix)
    return Walked(
        tuple(name[size:] for name in walk.files),
        tuple(name[size:] for name in walk.repositories),
        # An ignore file above the start is named by the way up to it.
        tuple((name[size:] if name.startswith(prefix) else os.path.relpath(name, prefix), said)
              for name, said in walk.troubles),
    )  # fmt: skip


def is_skipped(name: str) -> bool:
    """Whether a folder of this name never holds the user's own code."""
    return name in SKIPPED or name.endswith(SKIPPED_SUFFIXES)


def _ignored(name: str, rules: _Rules) -> bool:
    """Whether the nearest ignore file with an opinion covers `name`."""
    for base, spec in reversed(rules):
        verdict = spec.verdict(name[len(base) :])
        if verdict is not None:
            return verdict
    return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name
