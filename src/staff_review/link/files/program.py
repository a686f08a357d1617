"""The files of the program, opened when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from ...nouns.facts import FileFacts
from ..knowledge.catalog import Catalog
from .index import FileIndex
from .modules import Modules


class Shelf(Protocol):
    """Where facts come from; the hall decides whether a file is parsed, taken from a cache, or not wanted."""

    def paths(self) -> Iterable[str]:
        """Every file of the program's code."""

    def templates(self) -> Iterable[str]:
        """Every template that the program may render."""

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file, None when it cannot be read."""

    def wanted(self) -> Iterable[str]:
        """The files that name something of the catalog: where reading begins."""

    def imports(self, path: str) -> Iterable[str]:
        """What one file imports: "a.b" for ``import a.b``, "..a:x,y" for ``from ..a import x, y``."""

    def naming(self, names: frozenset[str], among: Iterable[str]) -> Iterable[str]:
        """Those of the files `among`, not yet asked for, that hold one of the identifiers `names`."""


class Program:
    """All files by path, their modules, and the catalog; opening a file is remembered."""

    def __init__(self, shelf: Shelf, catalog: Catalog) -> None:
        self.shelf = shelf
        self.catalog = catalog
        self.modules = Modules(shelf.paths(), frozenset(catalog.roots))
        self.opened: dict[str, FileIndex] = {}
        self._refused: set[str] = set()
        self._imported: dict[str, tuple[str, ...]] = {}

    def file(self, path: str) -> FileIndex | None:
        """The indexed facts of a file, read when first asked for; None when it cannot be read."""
        index = self.opened.get(path)
        if index is None and path not in self._refused:
            facts = self.shelf.facts(path)
            if facts is None:
                self._refused.add(path)
                return None
            index = self.opened[path] = FileIndex(facts)
        return index

    def around(self, paths: Iterable[str]) -> set[str]:
        """The files that may mean something defined in `paths`: who imports them, or imports who does."""
        first = {one for path in paths for one in self.importers.get(path, ())}
        return first | {one for path in first for one in self.importers.get(path, ())}

    @cached_property
    def importers(self) -> dict[str, set[str]]:
        """The files that import each file."""
        found: dict[str, set[str]] = {}
        for path in self.shelf.paths():
            for target in self.imported_by(path):
                found.setdefault(target, set()).add(path)
        return found

    def imported_by(self, path: str) -> tuple[str, ...]:
        """The files of the program that one file imports."""
        known = self._imported.get(path)
        if known is None:
            found = (one for line in self.shelf.imports(path) for one in self.imported(path, line))
            known = self._imported[path] = tuple(dict.fromkeys(found))
        return known

    def imported(self, path: str, line: str) -> Iterable[str]:
        """The files of the program that one line of `Shelf.imports` means."""
        module, _, names = line.partition(":")
        level = len(module) - len(module.lstrip("."))
        name = module[level:]
        for listed in names.split(",") if names else ("",):
            whole = f"{name}.{listed}" if name and listed else name or listed
            if level:
                found = self.modules.relative(path, level, whole) or self.modules.relative(path, level, name)
            else:
                found = self.modules.file(whole, path) or self.modules.file(name, path)
            if found is not None:
                yield found
