"""Where the world calls the program, and every function that a call from there reaches."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator
from typing import NamedTuple

from ...nouns.entries import EntryKind, EntryRef
from ...nouns.facts import CallRef, Const, Expr
from ...nouns.findings import Step
from ...nouns.libraries import EntryPoint
from ...nouns.project import FunctionRef
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.branches import as_program
from ..files.index import FileIndex
from ..files.settings_named import settings_named
from ..files.showing import shown
from ..files.values import ClassValue, External, FunctionKey, FunctionValue, Instance
from . import Sites

_DEEP = 30


class Kind(NamedTuple):
    """How the world calls a function, when the framework ends the work ("" for never), where it runs, and for what."""

    kind: EntryKind
    limit: str = ""
    on_loop: bool = False
    per_object: bool = False


class Entries:
    """Finds entry points in the opened files and walks the calls from them."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> tuple[EntryRef, ...]:
        """Every entry point, in file order; a dependency that a framework injects counts as a request's."""
        found: dict[FunctionKey, EntryRef] = {}
        of_tasks = self._limit_of_tasks()
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            ways = (*self._decorated(file), *self._derived(file), *self._handed(file), *self._started(file))
            for key, entry, name in ways:
                if key[0] in self._graph.program.opened and key not in found:
                    on_loop = self._on_loop(key, entry)
                    limit = entry.limit or (of_tasks if entry.kind == "task" else "")
                    found[key] = EntryRef(self._sites.function(key), entry.kind, name, limit, on_loop, entry.per_object)
        return tuple(found.values())

    def _limit_of_tasks(self) -> str:
        """After how long the settings end every task; "" where they do not, "set" where nobody sees how long."""
        program = self._graph.program
        found = [value for _, value in settings_named(program, program.catalog.task_limits)]
        numbers = [one.value for one in found if isinstance(one, Const) and isinstance(one.value, (int, float))]
        return f"{max(numbers):g}s" if numbers else "set" if found else ""

    def _on_loop(self, key: FunctionKey, entry: Kind) -> bool:
        """Whether it runs on an event loop: as a coroutine, or because its framework calls it there."""
        file = self._graph.program.opened[key[0]]
        function = file.function(key[1])
        if function.is_async or not entry.on_loop:
            return function.is_async
        known = (
            self._graph.program.catalog.policies.get(path)
            for decorator in function.decorators
            for path in self._paths(file, function.parent_block, decorator, function.span.line)
        )
        return not any(policy is not None and policy.kind == "offload" for policy in known)

    def _decorated(self, file: FileIndex) -> Iterator[tuple[FunctionKey, Kind, str]]:
        for number, function in enumerate(file.facts.functions):
            for decorator in function.decorators:
                entry = self._entry_of(file, function.parent_block, decorator, function.span.line)
                if entry is not None and entry.by == "decorator":
                    limit = self._limit(file, decorator) or entry.limit or ""
                    kind = Kind(entry.kind, limit, entry.on_loop, _is_called(entry.per_object, function.name))
                    yield (file.path, number), kind, function.qualified

    def _limit(self, file: FileIndex, decorator: Expr) -> str:
        """The limit of the work that the decorator itself is given, in seconds with their unit."""
        site = self._sites.by_call.get((file.path, decorator.index)) if isinstance(decorator, CallRef) else None
        said = site.options.get("time-limit") if site is not None else None
        numbers = [value for value in said.values if isinstance(value, (int, float))] if said is not None else []
        return f"{max(numbers):g}s" if numbers and max(numbers) > 0 else ""

    def _entry_of(self, file: FileIndex, block: int, decorator: Expr, line: int) -> EntryPoint | None:
        known = (self._graph.program.catalog.entries.get(path) for path in self._paths(file, block, decorator, line))
        return next((entry for entry in known if entry is not None), None)

    def _paths(self, file: FileIndex, block: int, decorator: Expr, line: int) -> Iterator[str]:
        """What a decorator is, as the catalog names it."""
        if isinstance(decorator, CallRef):
            yield from (one.path for one in self._graph.of(file.path, decorator.index) if one.path)
            return
        for value in self._graph.evaluator.values(file, block, decorator, line, 0):
            if isinstance(value, External):
                yield value.path
            elif isinstance(value, Instance):
                yield value.type

    def _derived(self, file: FileIndex) -> Iterator[tuple[FunctionKey, Kind, str]]:
        for number, cls in enumerate(file.facts.classes):
            for base in self._graph.evaluator.members.library_bases(file.path, number):
                entry = self._graph.program.catalog.entries.get(base)
                if entry is None or entry.by != "base":
                    continue
                for (owner, name), method in file.methods.items():
                    if owner == number and _is_called(entry.methods, name):
                        kind = Kind(entry.kind, entry.limit or "", entry.on_loop, _is_called(entry.per_object, name))
                        yield (file.path, method), kind, f"{cls.name}.{name}"

    def _handed(self, file: FileIndex) -> Iterator[tuple[FunctionKey, Kind, str]]:
        catalog = self._graph.program.catalog
        for index in self._graph.library_calls_of(file.path):
            for one in self._graph.of(file.path, index):
                entry = catalog.entries.get(one.path) if one.path else None
                at = entry.handler if entry is not None and entry.by == "argument" else None
                kind = Kind(entry.kind, entry.limit or "", entry.on_loop) if entry is not None else Kind("request")
                meaning = catalog.meanings.get(one.path) if one.path else None
                if meaning is not None and meaning.means == "inject":
                    at = meaning.value
                expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
                if expr is None:
                    continue
                for value in self._graph.evaluator.argument(file, index, expr):
                    if isinstance(value, FunctionValue):
                        yield value.key, kind, shown(file, expr)
                    elif isinstance(value, ClassValue):
                        inner = self._graph.program.opened.get(value.path)
                        call = None if inner is None else inner.methods.get((value.index, "__call__"))
                        if call is not None:
                            yield (value.path, call), kind, shown(file, expr)

    def _started(self, file: FileIndex) -> Iterator[tuple[FunctionKey, Kind, str]]:
        """What a file calls when it is run as a program."""
        for index in file.calls_in.get(0, ()):
            call = file.calls[index]
            if as_program(file, call.block):
                for argument in call.arguments:
                    for value in self._graph.evaluator.argument(file, index, argument.value):
                        if isinstance(value, FunctionValue):
                            yield value.key, Kind("program"), shown(file, argument.value)
                for one in self._graph.of(file.path, index):
                    if one.function is not None:
                        yield one.function, Kind("program"), shown(file, call.callee)

    def reach(
        self, entries: tuple[EntryRef, ...]
    ) -> tuple[dict[FunctionRef, tuple[Step, ...]], dict[FunctionRef, EntryRef]]:
        """For each function that an entry point reaches: the steps from there, and the entry point; nearest first."""
        paths: dict[FunctionRef, tuple[Step, ...]] = {}
        reached: dict[FunctionRef, EntryRef] = {}
        order = {"request": 0, "message": 1, "task": 2, "schedule": 3, "start-up": 4, "command": 5, "program": 6}
        for entry in sorted(entries, key=lambda one: order[one.kind]):
            begin: tuple[Step, ...] = (Step(entry.function.place, f"{entry.kind} `{entry.name}`"),)
            waiting = deque([(entry.function, begin)])
            while waiting:
                function, steps = waiting.popleft()
                if function in reached or len(steps) > _DEEP:
                    continue
                reached[function] = entry
                paths[function] = steps
                waiting.extend(self._called_from(function, steps, reached))
        return paths, reached

    def apart(self) -> frozenset[FunctionRef]:
        """What threads and tasks of their own run, and what that calls: nobody waits for it, and it goes on."""
        waiting = deque(sorted(self._set_going()))
        found: set[FunctionRef] = set()
        while waiting:
            function = waiting.popleft()
            if function not in found:
                found.add(function)
                waiting.extend(callee for callee, _ in self._called_from(function, (), found))
        return frozenset(found)

    def _set_going(self) -> set[FunctionRef]:
        """The functions that a thread or task begins with."""
        opened = self._graph.program.opened
        return {
            self._sites.function(one.function)
            for file in list(opened.values())
            for index in (*file.forwarded, *file.holder)
            if self._starts_alone(file, index)
            for one in self._graph.of(file.path, index)
            if one.function is not None and one.function[0] in opened
        }

    def _starts_alone(self, file: FileIndex, index: int) -> bool:
        """Whether a thread or task runs a call for which nobody waits."""
        started = self._graph.starts(file, index)
        return started == "spawn" or (started == "offload" and not file.calls[index].awaited)

    def _called_from(
        self, function: FunctionRef, steps: tuple[Step, ...], reached: Container[FunctionRef]
    ) -> Iterator[tuple[FunctionRef, tuple[Step, ...]]]:
        file = self._graph.program.opened[function.path]
        for index in file.calls_in.get(function.index, ()):
            if self._starts_alone(file, index):
                continue
            for one in self._graph.of(file.path, index):
                if one.function is not None and one.function[0] in self._graph.program.opened:
                    callee = self._sites.function(one.function)
                    if callee in reached:
                        continue
                    step = Step(file.place(file.calls[index].span), f"calls `{callee.qualified}`")
                    yield callee, (*steps, step)


def _is_called(names: tuple[str, ...], method: str) -> bool:
    """Whether a method is called by one of some names or begins as one of them; those for nobody else begin as none."""
    patterns = (one for one in names if one.endswith("*")) if method[:1] != "_" else ()
    return method in names or any(method.startswith(one[:-1]) for one in patterns)
