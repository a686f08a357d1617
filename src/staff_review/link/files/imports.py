"""Who imports whom, among the files of the program."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from .modules import Modules


class Lines(Protocol):
    """Where the files of a program are, and what they import."""

    def paths(self) -> Iterable[str]:
        """Every file of the program's code."""

    def imports(self, path: str) -> Iterable[str]:
        """What one file imports: "a.b" for ``import a.b``, "..a:x,y" for ``from ..a import x, y``."""


class Imports:
    """The files that each file imports, and those that import it; what was worked out is remembered."""

    def __init__(self, lines: Lines, modules: Modules) -> None:
        self._lines = lines
        self._modules = modules
        self._of: dict[str, tuple[str, ...]] = {}

    def around(self, paths: Iterable[str]) -> set[str]:
        """The files that may mean something defined in `paths`: who imports them, or imports who does."""
        first = {one for path in paths for one in self.importers.get(path, ())}
        return first | {one for path in first for one in self.importers.get(path, ())}

    @cached_property
    def importers(self) -> dict[str, set[str]]:
        """The files that import each file."""
        found: dict[str, set[str]] = {}
        for path in self._lines.paths():
            for target in self.of(path):
                found.setdefault(target, set()).add(path)
        return found

    def of(self, path: str) -> tuple[str, ...]:
        """The files of the program that one file imports."""
        known = self._of.get(path)
        if known is None:
            found = (one for line in self._lines.imports(path) for one in self.meant(path, line))
            known = self._of[path] = tuple(dict.fromkeys(found))
        return known

    def meant(self, path: str, line: str) -> Iterable[str]:
        """The files of the program that one line of `Lines.imports` means."""
        module, _, names = line.partition(":")
        level = len(module) - len(module.lstrip("."))
        name = module[level:]
        for listed in names.split(",") if names else ("",):
            whole = f"{name}.{listed}" if name and listed else name or listed
            if level:
                found = self._modules.relative(path, level, whole) or self._modules.relative(path, level, name)
            else:
                found = self._modules.file(whole, path) or self._modules.file(name, path)
            if found is not None:
                yield found
