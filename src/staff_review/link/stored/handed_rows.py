"""Rows that a function is handed by those who call it: ``show(Order.objects.filter(open=True))``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import Block, CallRef, Expr, Name
from ...nouns.findings import Step
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex
from ..files.values import CallKey, FunctionKey
from .chains import Chain, Chains

_MANY = 12
"""Calls of one function that are looked at."""


class Handed(NamedTuple):
    """The queries that rows may come from, the function that has them, and where it hands them over, if it does."""

    chains: list[Chain]
    caller: FunctionKey
    step: Step | None


class HandedRows:
    """Finds who hands rows to a function whose loop runs over a parameter."""

    def __init__(self, graph: Graph, chains: Chains) -> None:
        self._graph = graph
        self._chains = chains
        self._known: dict[FunctionKey, list[CallKey]] = {}

    def to(self, file: FileIndex, block: Block) -> Iterator[Handed]:
        """Every caller that has a query of its own: what comes from elsewhere may have been added to on its way."""
        subject, key = block.subject, (file.path, block.function)
        if not isinstance(subject, Name) or (block.function, subject.id) not in file.parameters:
            return
        if any(one.target == subject for one in file.bindings_in.get(block.function, ())):
            return  # it may be something else by then
        function = file.function(block.function)
        for path, index in self._callers(key, function.name):
            home = self._graph.program.opened[path]
            call = home.calls[index]
            rows = passed_for_parameter(call, function, subject.id)
            at = call.span
            chains = self._chains.of(home, call.block, rows, at.line, at.column, cut=True) if rows is not None else []
            caller = path, home.facts.blocks[call.block].function
            own = rows is not None and not self._is_given_back(home, caller[1], rows)
            if chains and own and all(chain.links and chain.links[0].function == caller for chain in chains):
                step = Step(home.place(at), f"hands the rows to `{function.qualified}`")
                yield Handed(chains, caller, step)

    def _is_given_back(self, file: FileIndex, function: int, rows: Expr) -> bool:
        """Whether rows have been through a function of the program, which may have added to their query."""
        bound = [one.value for one in file.bindings_in.get(function, ()) if one.target == rows]
        calls = [one.index for one in (rows, *bound) if isinstance(one, CallRef)]
        return any(one.function is not None for index in calls for one in self._graph.of(file.path, index))

    def _callers(self, key: FunctionKey, name: str) -> list[CallKey]:
        if key not in self._known:
            opened = sorted(self._graph.program.opened)
            named = [
                (path, index) for path in opened for index in self._graph.program.opened[path].by_leaf.get(name, ())
            ]
            meant = (one for one in named[:_MANY] if any(told.function == key for told in self._graph.of(*one)))
            self._known[key] = list(meant)
        return self._known[key]
