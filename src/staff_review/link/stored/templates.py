"""Templates: which file a name means, and what a page says of each of the rows that it is given by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import Name
from ..files.index import FileIndex
from ..files.program import Program
from ..files.spoken import Spoken, spoken_in

_DEEP = 3
"""Templates that are looked into, one out of another."""
_PAGE = 0
"""The one function of a template."""


class Said(NamedTuple):
    """One expression that a template says for each row, and what it calls the row."""

    page: FileIndex
    spoken: Spoken
    row: str


class Templates:
    """Reads them when they are asked for."""

    def __init__(self, program: Program) -> None:
        self._shelf = program.shelf
        self._opened: dict[str, FileIndex | None] = {}
        self._named: dict[str, list[str]] = {}  # by the last part of the name
        for path in sorted(self._shelf.templates()):
            self._named.setdefault(path.rpartition("/")[2], []).append(path)

    def of(self, name: str, near: str) -> FileIndex | None:
        """The template of that name; of several, as of themes, the one that lies nearest to a file."""
        paths = [path for path in self._named.get(name.rpartition("/")[2], ()) if path.endswith(f"/{name}")]
        return self._open(max(paths, key=lambda path: (_shared(path, near), path))) if paths else None

    def said(self, page: FileIndex, rows: str, depth: int = 0) -> Iterator[Said]:
        """What a page, with all that it takes in, says of each of the objects called `rows`."""
        for number, block in enumerate(page.facts.blocks):
            if block.kind == "loop" and block.subject == Name(rows) and isinstance(block.target, Name):
                yield from self._of_each(page, number, block.target.id, depth)
        for other, _ in self._taken_in(page, 0, depth):
            yield from self.said(other, rows, depth + 1)

    def _of_each(self, page: FileIndex, within: int, row: str, depth: int) -> Iterator[Said]:
        for spoken in spoken_in(page, _PAGE):
            if page.inside(spoken.block, within):
                yield Said(page, spoken, row)
        for other, line in self._taken_in(page, within, depth):
            yield from self._of_each(other, 0, self._called(page, line, row), depth + 1)

    @staticmethod
    def _called(page: FileIndex, line: int, row: str) -> str:
        """What a template that is taken in calls the row: ``{% include "row.html" with order=one %}``."""
        told = (one for one in page.facts.bindings if one.span.line == line and one.value == Name(row))
        return next((one.target.id for one in told if isinstance(one.target, Name)), row)

    def _taken_in(self, page: FileIndex, within: int, depth: int) -> Iterator[tuple[FileIndex, int]]:
        for one in page.facts.imports if depth < _DEEP else ():
            other = self.of(one.module, page.path) if page.inside(one.block, within) else None
            if other is not None and other is not page:
                yield other, one.line

    def _open(self, path: str) -> FileIndex | None:
        if path not in self._opened:
            facts = self._shelf.facts(path)
            self._opened[path] = FileIndex(facts) if facts is not None else None
        return self._opened[path]


def _shared(path: str, near: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(path.split("/"), near.split("/"), strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), 0)
