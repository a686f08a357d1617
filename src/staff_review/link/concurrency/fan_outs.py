"""Coroutines started all at once over a collection, and whether something holds them back."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Argument, Attribute, Block, CallRef, Comprehension, Expr, Name
from ...nouns.libraries import Effect
from ...nouns.project import FanOut, Site
from ..calls.contexts import Contexts
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex, calls_within
from ..files.showing import shown
from ..files.values import FunctionKey, Written
from ..sites import Sites
from .growing import Growing

_DEEP = 3
"""Calls followed in search of a semaphore."""
_HOLDERS = (
    "sem",
    "limit",
    "throttle",
    "slots",
    "bound",
    "concurren",
    "batch",
    "chunk",
    "simultan",
    "parallel",
    "worker",
)
_PARTS = ("batch", "chunk")
"""A function called like this is handed one part after the other."""
_LEAVE = ("sem", "limiter", "throttle", "slots")


class FanOuts:
    """Finds calls that start every one of their arguments."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, growing: Growing) -> None:
        self._graph = graph
        self._growing = growing
        self._sites = sites
        self._contexts = contexts

    def find(self) -> Iterator[FanOut]:
        """Every fan-out over a collection, in file order."""
        for file, index, found in self._graph.library_calls():
            if any(one.operation is not None and Effect.FAN_OUT in one.operation.effects for one in found):
                yield from self._fan_out(file, index)
            elif any(map(self._joins, found)):
                yield from self._one_by_one(file, index)

    def _joins(self, one: Resolved) -> bool:
        """Whether a call starts a task in a group that waits for all of its tasks."""
        if one.policy is None or one.policy.kind != "spawn":
            return False
        entries = self._graph.program.catalog.acts.get(one.path) or ()
        kept = (entry.options.get("kept") for entry in entries if Act.SPAWN in entry.does)
        return any(option is not None and option.default is True for option in kept)

    def _one_by_one(self, file: FileIndex, index: int) -> Iterator[FanOut]:
        """A task started for each item of a loop, where nothing that the loop enters can hold it back."""
        call = file.calls[index]
        around = [number for number in file.chain(call.block) if file.facts.blocks[number].kind in ("loop", "with")]
        if not around or self._contexts.of(file, around[0]).loops[:1] == ():
            return
        block, loop = file.facts.blocks[around[0]], self._contexts.of(file, around[0]).loops[0]
        if block.kind != "loop" or loop.form != "each" or loop.stops or self._asks_first(file, around[0]):
            return
        inner = [one for argument in call.arguments for one in calls_within(argument.value)]
        inner.extend(one for one, whole in file.forwarded.items() if whole == index)
        yield self._told(file, index, block, self._remote(file, inner), inner, few=loop.few or loop.batched)

    @staticmethod
    def _asks_first(file: FileIndex, loop: int) -> bool:
        """Whether a round of a loop asks something for leave before it starts a task."""
        calls = (call for call in file.facts.calls if file.inside(call.block, loop))
        return any(word in shown(file, call.callee).lower() for call in calls for word in _LEAVE)

    def _fan_out(self, file: FileIndex, index: int) -> Iterator[FanOut]:
        call = file.calls[index]
        for argument in call.arguments:
            if argument.name is not None:
                continue
            for block, inner in self._each(file, index, argument):
                loop = file.facts.blocks[block]
                around = self._contexts.of(file, block).loops[:1]
                few = self._contexts.few.of_loop(file, loop) or any(one.batched for one in around)
                yield self._told(file, index, loop, self._remote(file, inner), inner, few=few)
                return

    def _remote(self, file: FileIndex, calls: list[int]) -> tuple[Site, ...]:
        sites = (self._sites.by_call.get((file.path, one)) for one in calls)
        return tuple(site for site in sites if site is not None and site.remote)

    def _told(
        self, file: FileIndex, index: int, loop: Block, sites: tuple[Site, ...], inner: list[int], *, few: bool
    ) -> FanOut:
        call = file.calls[index]
        return FanOut(
            file.place(call.span),
            self._sites.function((file.path, file.facts.blocks[call.block].function)),
            shown(file, call.callee),
            shown(file, loop.subject),
            sites,
            held_back=self._held_back(file, loop, inner),
            few=few,
            grows=self._growing.over(file, loop),
        )

    def _each(self, file: FileIndex, index: int, argument: Argument) -> Iterator[tuple[int, list[int]]]:
        """The loop over which an argument was collected, with the calls made for each element."""
        value = argument.value
        if isinstance(value, Comprehension):
            yield self._loop_of(file, value), self._deep(file, list(calls_within(value)))
        elif isinstance(value, Name):
            for found in self._graph.evaluator.argument(file, index, value):
                if isinstance(found, Written) and found.path == file.path and isinstance(found.expr, Comprehension):
                    yield self._loop_of(file, found.expr), self._deep(file, list(calls_within(found.expr)))
                    return
            yield from self._appended(file, index, value.id)

    def _deep(self, file: FileIndex, calls: list[int]) -> list[int]:
        """The calls, and those that they only wrap into tasks."""
        found = list(calls)
        for one in calls:
            if any(r.policy is not None and r.policy.kind == "spawn" for r in self._graph.of(file.path, one)):
                found.extend(inner for argument in file.calls[one].arguments for inner in calls_within(argument.value))
        return found

    @staticmethod
    def _loop_of(file: FileIndex, value: Comprehension) -> int:
        return next((n for n in file.chain(value.block) if file.facts.blocks[n].kind == "loop"), value.block)

    def _appended(self, file: FileIndex, index: int, name: str) -> Iterator[tuple[int, list[int]]]:
        function = file.facts.blocks[file.calls[index].block].function
        for other in file.calls_in.get(function, ()):
            call = file.calls[other]
            if (
                isinstance(call.callee, Attribute)
                and call.callee.of == Name(name)
                and call.callee.name in ("append", "add")
            ):
                loop = next((n for n in file.chain(call.block) if file.facts.blocks[n].kind == "loop"), None)
                if loop is not None and not file.inside(file.calls[index].block, loop):
                    yield (
                        loop,
                        self._deep(file, [one for argument in call.arguments for one in calls_within(argument.value)]),
                    )

    def _held_back(self, file: FileIndex, loop: Block, inner: list[int]) -> bool:
        within = self._sites.function((file.path, loop.function)).qualified.rpartition(".")[2].lower()
        if any(word in shown(file, loop.subject).lower() for word in _HOLDERS) or any(map(within.__contains__, _PARTS)):
            return True
        for one in inner:
            call = file.calls[one]
            if any(word in shown(file, call.callee).lower() for word in _HOLDERS):
                return True
            if any(self._names_holder(file, argument.value) for argument in call.arguments):
                return True
            for resolved in self._graph.of(file.path, one):
                if resolved.function is not None and self._holds(resolved.function):
                    return True
        return False

    @staticmethod
    def _names_holder(file: FileIndex, expr: Expr) -> bool:
        return not isinstance(expr, CallRef) and "sem" in shown(file, expr).lower()

    def _holds(self, key: FunctionKey, depth: int = 0) -> bool:
        """Whether a function, or one it calls, waits for a semaphore or a limiter before its remote work."""
        file = self._graph.program.opened.get(key[0])
        if file is None:
            return True
        for index in file.calls_in.get(key[1], ()) if depth < _DEEP else ():
            for one in self._graph.of(file.path, index):
                if one.function is not None and one.function != key and self._holds(one.function, depth + 1):
                    return True
        for block in file.facts.blocks:
            if block.kind == "with" and block.function == key[1] and block.subject is not None:
                found = self._contexts.policy_of(file, block.parent, block.subject, block.span.line, block.span.column)
                if found is not None and found[1].kind in ("semaphore", "lock"):
                    return True
                if any(word in shown(file, block.subject).lower() for word in _HOLDERS):
                    return True
        return False
