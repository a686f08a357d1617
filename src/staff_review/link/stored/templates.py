"""Templates: which file a name means, and what a page says of each of the rows that it is given by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import Name
from ..files.definitions import Spoken
from ..files.index import FileIndex
from ..files.program import Program
from ..files.spoken import spoken_in

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
        self._said: dict[str, tuple[Spoken, ...]] = {}
        self._named: dict[str, list[str]] = {}  # by the last part of the name
        for path in sorted(self._shelf.templates()):
            self._named.setdefault(path.rpartition("/")[2], []).append(path)

    def of(self, name: str, near: str) -> FileIndex | None:
        """The template of that name; of several, as of themes, the one that lies nearest to a file."""
        paths = [path for path in self._named.get(name.rpartition("/")[2], ()) if path.endswith(f"/{name}")]
        return self._open(max(paths, key=lambda path: (_shared(path, near), path))) if paths else None

    def said(self, page: FileIndex, rows: str) -> Iterator[Said]:
        """What a page, with all that it takes in, says of each of the objects called `rows`."""
        seen: set[tuple[str, str, bool]] = set()
        todo = [(page, rows, False, 0)]  # the third: whether the name is that of one row
        while todo:
            here, name, is_row, depth = todo.pop()
            if (here.path, name, is_row) in seen:
                continue
            seen.add((here.path, name, is_row))
            for spoken in self._spoken(here):
                called = [name] if is_row else _rows_around(here, spoken.block, name)
                yield from (Said(here, spoken, row) for row in called)
            for one in here.facts.imports if depth < _DEEP else ():
                other = self.of(one.module, here.path)
                if other is None:
                    continue
                called = [name] if is_row else _rows_around(here, one.block, name)
                todo.extend((other, _renamed(here, one.line, row), True, depth + 1) for row in called)
                todo.extend([] if is_row else [(other, name, False, depth + 1)])

    def _spoken(self, page: FileIndex) -> tuple[Spoken, ...]:
        if page.path not in self._said:
            self._said[page.path] = tuple(spoken_in(page, _PAGE))
        return self._said[page.path]

    def _open(self, path: str) -> FileIndex | None:
        if path not in self._opened:
            facts = self._shelf.facts(path)
            self._opened[path] = FileIndex(facts) if facts is not None else None
        return self._opened[path]


def _shared(path: str, near: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(path.split("/"), near.split("/"), strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), 0)


def _rows_around(page: FileIndex, block: int, rows: str) -> list[str]:
    """What the loops around a place in a page call each of `rows`."""
    around = (page.facts.blocks[number] for number in page.chain(block))
    return [one.target.id for one in around if one.subject == Name(rows) and isinstance(one.target, Name)]


def _renamed(page: FileIndex, line: int, row: str) -> str:
    """What a template that is taken in calls the row: ``{% include "row.html" with order=one %}``."""
    told = (one for one in page.facts.bindings if one.span.line == line and one.value == Name(row))
    return next((one.target.id for one in told if isinstance(one.target, Name)), row)
