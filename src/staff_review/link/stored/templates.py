"""Templates: which file a name means, and what a page reads of each of the rows that it is given by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import FileFacts, Name
from ...nouns.findings import Step
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.spoken import spoken_in
from .object_reads import ObjectReads, Read, Wanted

_DEEP = 3
"""Templates that are looked into, one out of another."""
_PAGE = 0
"""The one function of a template."""


class Shown(NamedTuple):
    """A relation that a page reads of each row, as the page calls it."""

    text: str
    read: Read


class Templates:
    """Reads them when they are asked for."""

    def __init__(self, graph: Graph, object_reads: ObjectReads) -> None:
        self._shelf = graph.program.shelf
        self._object_reads = object_reads
        self._opened: dict[str, FileIndex | None] = {}
        self._named: dict[str, list[str]] = {}  # by the last part of the name
        for path in sorted(self._shelf.templates()):
            self._named.setdefault(path.rpartition("/")[2], []).append(path)

    def of(self, name: str, near: str) -> FileIndex | None:
        """The template of that name; of several, as of themes, the one that lies nearest to a file."""
        paths = [path for path in self._named.get(name.rpartition("/")[2], ()) if path.endswith(f"/{name}")]
        return self._open(max(paths, key=lambda path: (_shared(path, near), path))) if paths else None

    def reads(self, page: FileIndex, rows: str, wanted: Wanted, depth: int = 0) -> Iterator[Shown]:
        """The relations that a page, with all that it takes in, reads of each of the objects called `rows`."""
        for number, block in enumerate(page.facts.blocks):
            if block.kind == "loop" and block.subject == Name(rows) and isinstance(block.target, Name):
                yield from self._of_each(page, number, block.target.id, wanted, depth)
        for other, _ in self._taken_in(page, 0, depth):
            yield from self.reads(other, rows, wanted, depth + 1)

    def _of_each(self, page: FileIndex, within: int, name: str, wanted: Wanted, depth: int) -> Iterator[Shown]:
        """What a part of a page reads of the object that it calls `name`."""
        for spoken in spoken_in(page, _PAGE):
            if page.inside(spoken.block, within):
                for read in self._object_reads.of(page, spoken, name, wanted):
                    step = Step(page.place(spoken.span), f"the page shows `{shown(page, spoken.expr)}` for each")
                    yield Shown(f"{name}.{read.relation}", Read(read.relation, (step, *read.trail)))
        for other, line in self._taken_in(page, within, depth):
            yield from self._of_each(other, 0, self._called(page, line, name), wanted, depth + 1)

    def _called(self, page: FileIndex, line: int, name: str) -> str:
        """What a template that is taken in calls an object: ``{% include "row.html" with order=one %}``."""
        told = (one for one in page.facts.bindings if one.span.line == line and one.value == Name(name))
        return next((one.target.id for one in told if isinstance(one.target, Name)), name)

    def _taken_in(self, page: FileIndex, within: int, depth: int) -> Iterator[tuple[FileIndex, int]]:
        for one in page.facts.imports if depth < _DEEP else ():
            other = self.of(one.module, page.path) if page.inside(one.block, within) else None
            if other is not None and other is not page:
                yield other, one.line

    def _open(self, path: str) -> FileIndex | None:
        if path not in self._opened:
            facts: FileFacts | None = self._shelf.facts(path)
            self._opened[path] = FileIndex(facts) if facts is not None else None
        return self._opened[path]


def _shared(path: str, near: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(path.split("/"), near.split("/"), strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), 0)
