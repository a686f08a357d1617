"""The effects of every function, by fixpoint over the call graph, each with the call that proves it."""

from __future__ import annotations

from collections import deque

from ..facts import Attribute, Name
from ..findings import Step
from ..libraries import REMOTE, Effect
from .ending import ended_by
from .graph import Graph, Resolved
from .index import FileIndex, calls_within
from .values import CallKey, FunctionKey

SPREADING = REMOTE | {Effect.BLOCKING, Effect.WAIT, Effect.SLEEP, Effect.PROCESS, Effect.FILE, Effect.FAN_OUT}
"""Effects that a caller has because its callee has them."""
_ROUNDS = 12
_TRAIL = 12


def _seeded(effects: frozenset[Effect]) -> frozenset[Effect]:
    """The effects of an operation that spread; one that only touches files does not count as blocking further up."""
    spreading = effects & SPREADING
    if Effect.BLOCKING not in effects:
        return spreading - {Effect.FILE}
    return frozenset({Effect.FILE}) if spreading == {Effect.FILE, Effect.BLOCKING} else spreading


class Effects:
    """`of[function][effect]` is the call in that function through which it has the effect."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.of: dict[FunctionKey, dict[Effect, CallKey]] = {}
        self._waiting: deque[FunctionKey] = deque()

    def settle(self) -> None:
        """Open the files that matter, and those that name what was found to have effects, until nothing new appears."""
        graph = self._graph
        wanted = list(graph.program.shelf.wanted())
        asked: set[str] = set()
        for _ in range(_ROUNDS):
            for path in wanted:
                graph.open(path)
            for path in list(graph.program.opened):
                graph.open(path)
            self._take_fresh()
            homes = self._homes()
            fresh = homes.keys() - asked
            if not fresh and not graph.fresh:
                break
            asked |= fresh
            graph.interest(fresh, fresh)
            self._take_fresh()
            near = graph.program.around({path for name in fresh for path in homes[name]})
            wanted = list(graph.program.shelf.naming(frozenset(fresh), near - graph.program.opened.keys()))
        self._retell()

    def _retell(self) -> None:
        """Choose the proving calls anew, in the order of files: what was opened first must not decide a trail."""
        graph = self._graph
        self.of.clear()
        for path in sorted(graph.program.opened):
            file = graph.program.opened[path]
            for index in graph.calls_of(path):
                for one in graph.of(path, index):
                    if one.operation is not None:
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

    def _homes(self) -> dict[str, set[str]]:
        """Names through which effects leave a file, with the files that define them."""
        homes: dict[str, set[str]] = {}
        for path, number in self.of:
            file = self._graph.program.opened.get(path)
            if file is None or number == 0:
                continue
            function = file.function(number)
            name = function.name
            if name == "__init__" and function.cls >= 0:
                name = file.cls(function.cls).name
            if not name.startswith("<"):
                homes.setdefault(name, set()).add(path)
        for path, made in self._graph.made.items():
            for name in self._names_of_clients(self._graph.program.opened[path], made):
                homes.setdefault(name, set()).add(path)
        return homes

    def _names_of_clients(self, file: FileIndex, made: set[int]) -> set[str]:
        """Names under which a client is known: a variable, an attribute, the function that gives it."""
        names: set[str] = set()
        for binding in file.facts.bindings:
            if binding.value is not None and not made.isdisjoint(calls_within(binding.value)):
                target = binding.target
                if isinstance(target, Attribute):
                    names.add(target.name)
                elif isinstance(target, Name):
                    names.add(target.id)
                    names.update(self._returned(file, file.facts.blocks[binding.block].function, target))
        for jump in file.facts.jumps:
            if jump.value is not None and not made.isdisjoint(calls_within(jump.value)):
                names.add(file.function(file.facts.blocks[jump.block].function).name)
        return {name for name in names if not name.startswith("<")}

    @staticmethod
    def _returned(file: FileIndex, function: int, name: Name) -> set[str]:
        return {
            file.function(function).name
            for jump in file.facts.jumps
            if jump.value == name and file.facts.blocks[jump.block].function == function
        }

    def _take(self, file: FileIndex, function: int, index: int, one: Resolved) -> None:
        key = (file.path, function)
        if one.operation is not None:
            effects = _seeded(frozenset(one.operation.effects))
            if ended_by(self._graph.evaluator, file, index, one.operation):
                effects -= {Effect.BLOCKING, Effect.WAIT}
        elif one.function is not None and one.function in self.of:
            effects = self.spread_from(one.function, file.path)
        else:
            return
        self._add(key, effects, (file.path, index), file)

    def spread_from(self, callee: FunctionKey, caller: str) -> frozenset[Effect]:
        """The effects that reach a caller in the file `caller`.

        A coroutine that blocks is reported in itself, not in who awaits it. Touching local files is not followed into
        other files: half of every program does, and the disk is seldom the outage.
        """
        effects = frozenset(self.of.get(callee, ()))
        if callee[0] != caller:
            effects -= {Effect.FILE}
        file = self._graph.program.file(callee[0])
        if file is not None and file.function(callee[1]).is_async:
            effects -= {Effect.BLOCKING, Effect.FILE}
        return effects

    def _add(self, key: FunctionKey, effects: frozenset[Effect], call: CallKey, file: FileIndex) -> None:
        if not effects:
            return
        if self._graph.in_handler(file, call[1]):
            effects -= REMOTE  # what happens only after a failure is not what the function does
        started = self._graph.starts(file, call[1])
        if started == "spawn":
            effects -= {Effect.WAIT, Effect.SLEEP}
        if started == "offload":
            effects -= {Effect.BLOCKING, Effect.FILE}
        known = self.of.setdefault(key, {})
        new = [effect for effect in effects if effect not in known]
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
                    self._add((path, function), self.spread_from(callee, path), (path, index), file)

    def trail(self, callee: FunctionKey, effect: Effect) -> tuple[Step, ...]:
        """How `callee` comes to have `effect`: one step a call, the operation last."""
        steps: list[Step] = []
        here: FunctionKey | None = callee
        while here is not None and len(steps) < _TRAIL:
            call = self.of.get(here, {}).get(effect)
            if call is None:
                break
            file = self._graph.program.opened[call[0]]
            steps.append(Step(file.place(file.calls[call[1]].span), self.described(call, effect)))
            here = next(
                (
                    one.function
                    for one in self._graph.of(*call)
                    if one.function is not None and effect in self.of.get(one.function, ())
                ),
                None,
            )
        return tuple(steps)

    def last_operation(self, callee: FunctionKey, effect: Effect) -> str:
        """The canonical name of the operation at the end of the trail."""
        here: FunctionKey | None = callee
        for _ in range(_TRAIL):
            call = self.of.get(here, {}).get(effect) if here is not None else None
            if call is None:
                return ""
            for one in self._graph.of(*call):
                if one.operation is not None and effect in one.operation.effects:
                    return one.path
            here = next(
                (
                    one.function
                    for one in self._graph.of(*call)
                    if one.function is not None and effect in self.of.get(one.function, ())
                ),
                None,
            )
        return ""

    def described(self, call: CallKey, effect: Effect) -> str:
        """What one call of a trail does, in a few words."""
        for one in self._graph.of(*call):
            if one.operation is not None and effect in one.operation.effects:
                return f"calls `{one.path}`"
            if one.function is not None:
                file = self._graph.program.opened.get(one.function[0])
                if file is not None:
                    return f"calls `{file.function(one.function[1]).qualified}`"
        return "calls on"
