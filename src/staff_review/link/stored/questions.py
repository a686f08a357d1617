"""What a method asks the database about the one row that it is given."""

from __future__ import annotations

from ...nouns.acts import Act
from ...nouns.libraries import REMOTE, Effect
from ...nouns.site import Site
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.values import FunctionKey
from ..sites import Sites

_CHANGES = frozenset({Act.WRITE, Act.COMMIT})
_LOOKS_FIRST = frozenset({"hasattr", "getattr"})
"""Calls by which a method looks whether the row has it already."""


class Questions:
    """Finds the query of one method."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def of(self, key: FunctionKey, position: int) -> Site | None:
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
