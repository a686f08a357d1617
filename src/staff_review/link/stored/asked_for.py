"""What showing one row asks the database for by itself: queries in the methods that give its fields."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.site import Site
from ..calls.graph import Graph
from ..files.values import ClassValue, FunctionKey
from ..sites import Sites
from .questions import Questions
from .serialisers import Serialisers


class AskedFor:
    """Finds it field by field."""

    def __init__(self, graph: Graph, sites: Sites, serialisers: Serialisers) -> None:
        self._graph = graph
        self._questions = Questions(graph, sites)
        self._serialisers = serialisers

    def by(self, cls: ClassValue, rows: ClassValue | None) -> Iterator[tuple[str, Site]]:
        """The fields of a serialiser that run a query for each row, with the call that does it."""
        for field, method, own in self._serialisers.methods(cls):
            key = self._method(cls if own else rows, method)
            site = self._questions.of(key, 1 if own else 0) if key is not None else None
            if site is not None:
                yield field, site

    def by_member(self, cls: ClassValue, name: str) -> Site | None:
        """The query that a method or property of a row runs by itself; None where it runs none."""
        key = self._method(cls, name)
        return self._questions.of(key, 0) if key is not None else None

    def _method(self, cls: ClassValue | None, name: str) -> FunctionKey | None:
        lineage = self._graph.evaluator.members.lineage(cls.path, cls.index) if cls is not None else ()
        for path, index in lineage:
            home = self._graph.program.opened.get(path)
            method = home.methods.get((index, name)) if home is not None else None
            if method is not None:
                return path, method
        return None
