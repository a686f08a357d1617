"""What showing one row asks the database for by itself: queries in the methods that give its fields."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.libraries import REMOTE, Effect
from ...nouns.site import Site
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.values import ClassValue, FunctionKey
from ..sites import Sites
from .serialisers import Serialisers

_CHANGES = frozenset({Act.WRITE, Act.COMMIT})
_LOOKS_FIRST = frozenset({"hasattr", "getattr"})
"""Calls by which a method looks whether the row has it already."""


class AskedFor:
    """Finds it field by field."""

    def __init__(self, graph: Graph, sites: Sites, serialisers: Serialisers) -> None:
        self._graph = graph
        self._sites = sites
        self._serialisers = serialisers

    def by(self, cls: ClassValue, rows: ClassValue | None) -> Iterator[tuple[str, Site]]:
        """The fields of a serialiser that run a query for each row, with the call that does it."""
        for field, method, own in self._serialisers.methods(cls):
            key = self._method(cls if own else rows, method)
            site = self._query(key, 1 if own else 0) if key is not None else None
            if site is not None:
                yield field, site

    def by_member(self, cls: ClassValue, name: str) -> Site | None:
        """The query that a method or property of a row runs by itself; None where it runs none."""
        key = self._method(cls, name)
        return self._query(key, 0) if key is not None else None

    def _method(self, cls: ClassValue | None, name: str) -> FunctionKey | None:
        lineage = self._graph.evaluator.members.lineage(cls.path, cls.index) if cls is not None else ()
        for path, index in lineage:
            home = self._graph.program.opened.get(path)
            method = home.methods.get((index, name)) if home is not None else None
            if method is not None:
                return path, method
        return None

    def _query(self, key: FunctionKey, position: int) -> Site | None:
        """The first call of a method that only asks the database, and that about the row it is given."""
        home = self._graph.program.opened[key[0]]
        parameters = home.function(key[1]).parameters
        if len(parameters) <= position or self._looks_first(home, key[1]):
            return None
        row = parameters[position].name
        for site in self._sites.in_function(key):
            asks = site.effects & REMOTE == {Effect.DATABASE} and not site.acts & _CHANGES
            if asks and row in site.uses and not (site.many or site.context.in_handler or site.context.loops):
                return None if self._is_looked_up_first(home, key[1], site) else site
        return None

    def _is_looked_up_first(self, home: FileIndex, function: int, site: Site) -> bool:
        """Whether the helper that a call stands for looks whether the row has it already."""
        here = (index for index in home.calls_in.get(function, ()) if home.calls[index].span == site.place.span)
        helpers = [one.function for index in here for one in self._graph.of(home.path, index)]
        opened = self._graph.program.opened
        return any(self._looks_first(opened[key[0]], key[1]) for key in helpers if key is not None)

    @staticmethod
    def _looks_first(home: FileIndex, function: int) -> bool:
        return any(leaf_of(home.calls[index].callee) in _LOOKS_FIRST for index in home.calls_in.get(function, ()))
