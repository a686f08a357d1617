"""Retries and breakers that callers hold around a function, however many calls further up."""

from __future__ import annotations

import re
from collections import deque

from ...nouns.project import FunctionRef, Retry
from ...nouns.source import Place
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.showing import shown
from ..files.values import CallKey, FunctionKey
from . import Sites

_KINDS = frozenset({"breaker", "retry"})
_BREAKER = frozenset({"breaker"})
_NAMED = re.compile(r"circuit_?breaker|(?:^|_)breaker", re.IGNORECASE)
_DEEP = 8


class Guards:
    """Walks the calls inside guarded regions down to every function that they come to."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self, retries: tuple[Retry, ...]) -> dict[FunctionRef, frozenset[str]]:
        """For each function that is called under a guard, the kinds of guard."""
        found: dict[FunctionKey, set[str]] = {}
        repeated = {site.place for retry in retries for site in retry.covers}
        waiting: deque[tuple[FunctionKey, frozenset[str], int]] = deque()
        for callee, callers in sorted(self._graph.callers.items()):
            for key in callers if callee[0] in self._graph.program.opened else ():
                kinds = self._around(key, repeated)
                if kinds:
                    waiting.append((callee, kinds, 0))
        waiting.extend((function, _BREAKER, 0) for path in self._graph.program.opened for function in self._own(path))
        while waiting:
            function, kinds, depth = waiting.popleft()
            known = found.setdefault(function, set())
            if kinds <= known or depth > _DEEP:
                continue
            known |= kinds
            file = self._graph.program.opened.get(function[0])
            for index in file.calls_in.get(function[1], ()) if file is not None else ():
                waiting.extend((callee, kinds, depth + 1) for callee in self._called((function[0], index)))
        return {self._sites.function(key): frozenset(kinds) for key, kinds in found.items()}

    def _around(self, key: CallKey, repeated: set[Place]) -> frozenset[str]:
        file = self._graph.program.opened[key[0]]
        regions = self._contexts.regions(file, file.calls[key[1]].block)
        kinds = {region.kind for region in regions if region.kind in _KINDS}
        for _, one in self._graph.kinds_around(file, key[1]):
            if one.policy is not None and one.policy.kind in _KINDS:
                kinds.add(one.policy.kind)  # type: ignore[arg-type]  # the kinds of both overlap here
        return frozenset({*kinds, *(("retry",) if file.place(file.calls[key[1]].span) in repeated else ())})

    def _own(self, path: str) -> list[FunctionKey]:
        """The functions of a file that go through a breaker of the program's own, known by its name."""
        file = self._graph.program.opened[path]
        names = [name for name in (*file.by_leaf, *file.by_receiver) if _NAMED.search(name)]
        calls = {index for name in names for index in (*file.by_leaf.get(name, ()), *file.by_receiver.get(name, ()))}
        found = {file.facts.blocks[file.calls[index].block].function for index in calls}
        for number, function in enumerate(file.facts.functions):
            if any(_NAMED.search(shown(file, decorator)) for decorator in function.decorators):
                found.add(number)
        return sorted((path, number) for number in found if number > 0)

    def _called(self, key: CallKey) -> list[FunctionKey]:
        return [
            one.function
            for one in self._graph.of(*key)
            if one.function is not None and one.function[0] in self._graph.program.opened
        ]
