"""The effects of every function, by fixpoint over the call graph, each with the call that proves it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ...nouns.acts import Act
from ...nouns.findings import Step
from ...nouns.libraries import REMOTE, Effect
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, FunctionKey
from .ending import ended_by
from .graph import Graph, Resolved
from .homes import Homes
from .seldom import Seldom
from .unasked import Unasked

SPREADING = REMOTE | {Effect.BLOCKING, Effect.WAIT, Effect.SLEEP, Effect.PROCESS, Effect.FILE, Effect.FAN_OUT}
"""Effects that a caller has because its callee has them."""
SPREADING_ACTS = frozenset(
    {
        Act.PUBLISH,
        Act.BROADCAST,
        Act.ENQUEUE,
        Act.ACKNOWLEDGE,
        Act.WRITE,
        Act.COMMIT,
        Act.CHARGE,
        Act.NOTIFY,
        Act.COMPUTE,
    }
)
"""Acts that a caller does because its callee does them."""
_ON_THE_THREAD: frozenset[Effect | Act] = frozenset({Effect.BLOCKING, Effect.FILE, Act.COMPUTE})
"""What holds the thread that runs it, and no other."""
Mark: TypeAlias = Effect | Act
_ROUNDS = 12
_TRAIL = 12


def _seeded(effects: frozenset[Effect]) -> frozenset[Effect]:
    """The effects of an operation that spread; one that only touches files does not count as blocking further up."""
    spreading = effects & SPREADING
    if Effect.BLOCKING not in effects:
        return spreading - {Effect.FILE}
    return frozenset({Effect.FILE}) if spreading == {Effect.FILE, Effect.BLOCKING} else spreading


def _is_streamed(file: FileIndex, index: int) -> bool:
    """Whether an answer is given what a call makes (``StreamingResponse(rows())``), or its iterator is only kept."""
    holder = file.holder.get(index)
    taker = leaf_of(file.calls[holder].callee) if holder is not None else ""
    return taker == "iter" or taker.endswith("Response")


class _Hop(NamedTuple):
    """One call of a trail: what it does in words, the operation that it is, else "", the function that it calls."""

    step: Step
    operation: str
    callee: FunctionKey | None


class Effects:
    """`of[function][effect]` is the call in that function through which it has the effect."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.of: dict[FunctionKey, dict[Mark, CallKey]] = {}
        self._waiting: deque[FunctionKey] = deque()
        self._hops: dict[tuple[FunctionKey, Mark], _Hop] = {}  # asked for once all is settled
        self._homes = Homes(graph)
        self._seldom = Seldom(graph)
        self._unasked = Unasked(graph)

    def settle(self) -> None:
        """Open the files that matter, and those that name what was found to have effects, until nothing new appears."""
        graph = self._graph
        wanted = list(graph.program.shelf.wanted())
        asked: set[str] = set()
        for _ in range(_ROUNDS):
            for path in wanted:  # before any call is asked about: what one file keeps, another one takes
                graph.program.file(path)
            for path in wanted:
                graph.open(path)
            for path in list(graph.program.opened):
                graph.open(path)
            self._take_fresh()
            homes = self._homes.find(self.of)
            fresh = homes.keys() - asked
            if not fresh and not graph.fresh:
                break
            asked |= fresh
            graph.interest(fresh, fresh)
            self._take_fresh()
            near = graph.program.imports.around({path for name in fresh for path in homes[name]})
            wanted = list(graph.program.shelf.naming(frozenset(fresh), near - graph.program.opened.keys()))
        self._retell()

    def _retell(self) -> None:
        """Choose the proving calls anew, in the order of files: what was opened first must not decide a trail."""
        graph = self._graph
        self.of.clear()
        for file, index, found in graph.library_calls():
            for one in found:
                if one.path:
                    self._take(file, file.facts.blocks[file.calls[index].block].function, index, one)
        self._spread()

    def _take_fresh(self) -> None:
        graph = self._graph
        while graph.fresh:
            fresh, graph.fresh = graph.fresh, []
            for path, index in fresh:
                file = graph.program.opened[path]
                function = file.facts.blocks[file.calls[index].block].function
                for one in graph.of(path, index):
                    self._take(file, function, index, one)
            self._spread()

    def _take(self, file: FileIndex, function: int, index: int, one: Resolved) -> None:
        key = (file.path, function)
        marks: frozenset[Mark]
        if one.operation is not None:
            effects = _seeded(frozenset(one.operation.effects))
            if ended_by(self._graph.evaluator, file, index, one.operation):
                effects -= {Effect.BLOCKING, Effect.WAIT, Effect.SLEEP}
            marks = effects | self._acts(one.path)
        elif one.function is not None and one.function in self.of:
            marks = self.spread_from(one.function, file, index)
        else:
            marks = self._acts(one.path)
        self._add(key, marks, (file.path, index), file)

    def _acts(self, path: str) -> frozenset[Act]:
        return SPREADING_ACTS & self._graph.program.catalog.does(path)

    def spread_from(self, callee: FunctionKey, caller: FileIndex, index: int) -> frozenset[Mark]:
        """The effects of a function that reach call `index` of it in the file `caller`.

        A coroutine that blocks is reported in itself, not in who awaits it; a generator that an answer is streamed from
        runs in a thread of the server, and one whose iterator is kept runs where that is advanced. Touching local files
        is not followed into other files: half of every program does, and the disk is seldom the outage.
        """
        known = self.of.get(callee, {})
        skipped = {call for call in set(known.values()) if self._unasked.skips(caller, index, callee, call)}
        effects = frozenset(mark for mark, call in known.items() if call not in skipped)
        if effects and self._seldom.is_kept(callee):
            return frozenset()
        if callee[0] != caller.path:
            effects -= {Effect.FILE}
        file = self._graph.program.file(callee[0])
        facts = file.function(callee[1]) if file is not None else None
        if facts is not None and (facts.is_async or (facts.is_generator and _is_streamed(caller, index))):
            effects -= _ON_THE_THREAD
        if Act.COMPUTE in effects and file is not None and self._is_cached(file, callee[1]):
            effects -= {Act.COMPUTE}
        return effects

    def _is_cached(self, file: FileIndex, function: int) -> bool:
        """Whether a decorator keeps what a function computed once."""
        return self._graph.evaluator.results.decorated_as(file, function, "cached")

    def _add(self, key: FunctionKey, effects: frozenset[Mark], call: CallKey, file: FileIndex) -> None:
        if not effects:
            return
        effects -= self._seldom.withheld(file, call[1], effects)
        started = self._graph.starts(file, call[1])
        if started == "spawn":
            effects -= {Effect.WAIT, Effect.SLEEP}
        if started == "offload":
            effects -= _ON_THE_THREAD
        known = self.of.setdefault(key, {})
        always = not self._unasked.is_optional(call)
        new = [effect for effect in effects if effect not in known]
        new += [mark for mark in effects & known.keys() if always and self._unasked.is_optional(known[mark])]
        for effect in new:
            known[effect] = call
        if new:
            self._waiting.append(key)

    def _spread(self) -> None:
        while self._waiting:
            callee = self._waiting.popleft()
            for path, index in sorted(self._graph.callers.get(callee, ())):
                file = self._graph.program.opened.get(path)
                if file is not None:
                    function = file.facts.blocks[file.calls[index].block].function
                    self._add((path, function), self.spread_from(callee, file, index), (path, index), file)
            for promise in self._promises(callee):
                known = self.of.setdefault(promise, {})
                new = self.of[callee].keys() - known.keys()
                known.update({mark: self.of[callee][mark] for mark in new})
                if new:
                    self._waiting.append(promise)

    def _promises(self, method: FunctionKey) -> Iterator[FunctionKey]:
        """The abstract methods of base classes that a method keeps: who calls one of them calls it."""
        file = self._graph.program.opened[method[0]]
        facts = file.function(method[1])
        for path, index in self._graph.evaluator.members.lineage(method[0], facts.cls)[1:] if facts.cls >= 0 else ():
            home = self._graph.program.file(path)
            number = home.methods.get((index, facts.name)) if home is not None else None
            if home is None or number is None or home.function(number).is_async != facts.is_async:
                continue
            if self._graph.evaluator.results.decorated_as(home, number, "abstract"):
                yield path, number

    def way(self, callee: FunctionKey, effect: Mark) -> tuple[str, tuple[Step, ...]]:
        """How `callee` comes to have `effect`: the operation that has it, and one step a call on the way there."""
        operation = ""
        steps: list[Step] = []
        here: FunctionKey | None = callee
        while here is not None and len(steps) < _TRAIL:
            hop = self._hop(here, effect)
            if hop is None:
                break
            steps.append(hop.step)
            operation = operation or hop.operation
            here = hop.callee
        return operation, tuple(steps)

    def _hop(self, function: FunctionKey, effect: Mark) -> _Hop | None:
        known = self._hops.get((function, effect))
        call = self.of.get(function, {}).get(effect) if known is None else None
        if call is None:
            return known
        file = self._graph.program.opened[call[0]]
        found = self._graph.of(*call)
        callees = (one.function for one in found if one.function is not None)
        hop = self._hops[function, effect] = _Hop(
            Step(file.place(file.calls[call[1]].span), self._described(call, effect)),
            next((one.path for one in found if self._has(one, effect)), ""),
            next((callee for callee in callees if effect in self.of.get(callee, ())), None),
        )
        return hop

    def _has(self, one: Resolved, mark: Mark) -> bool:
        """Whether a call has an effect or does an act by itself."""
        if isinstance(mark, Act):
            return bool(one.path) and mark in self._acts(one.path)
        return one.operation is not None and mark in one.operation.effects

    def _described(self, call: CallKey, effect: Mark) -> str:
        """What one call of a trail does, in a few words."""
        for one in self._graph.of(*call):
            if self._has(one, effect):
                return f"calls `{one.path}`"
            if one.function is not None:
                file = self._graph.program.opened.get(one.function[0])
                if file is not None:
                    return f"calls `{file.function(one.function[1]).qualified}`"
        return "calls on"
