"""The files of the program, opened when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ...nouns.facts import FileFacts
from ..knowledge.catalog import Catalog
from .imports import Imports, Lines
from .index import FileIndex
from .modules import Modules


class Shelf(Lines, Protocol):
    """Where facts come from; the hall decides whether a file is parsed, taken from a cache, or not wanted."""

    def templates(self) -> Iterable[str]:
        """Every template that the program may render."""

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file, None when it cannot be read."""

    def wanted(self) -> Iterable[str]:
        """The files that name something of the catalog: where reading begins."""

    def naming(self, names: frozenset[str], among: Iterable[str]) -> Iterable[str]:
        """Those of the files `among`, not yet asked for, that hold one of the identifiers `names`."""


class Program:
    """All files by path, their modules, and the catalog; opening a file is remembered."""

    def __init__(self, shelf: Shelf, catalog: Catalog) -> None:
        self.shelf = shelf
        self.catalog = catalog
        self.modules = Modules(shelf.paths(), frozenset(catalog.roots))
        self.imports = Imports(shelf, self.modules)
        self.opened: dict[str, FileIndex] = {}
        self._refused: set[str] = set()

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
