"""Calls that run a function which they are given: a library's pool or timer, or a helper such as ``retried(f, x)``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...nouns.facts import Argument, Attribute, Call, CallRef, Closure, Expr, Function, Item, Name
from ...nouns.libraries import Policy
from ..files.arguments import expression_at, passed_for_parameter, positional
from ..files.index import FileIndex
from ..files.values import CallKey, External, FunctionKey

if TYPE_CHECKING:
    from .graph import Graph

STARTERS = ("spawn", "offload")
_PLAIN = ("plain", "positional")
_RECEIVERLESS = ("staticmethod", "classmethod")


class Runner(NamedTuple):
    """A function that calls what it is given: the parameter, and the calls inside that lead to it, outermost first."""

    parameter: str
    inside: tuple[CallKey, ...]
    starts: str = ""  # "offload" when a decorator has the function run in another thread, "spawn" in another task


class Runners:
    """Adds the calls that other calls make for us; helpers are told by their text first, by its meaning when asked."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.by: dict[CallKey, Runner] = {}  # a call that a helper makes for us -> that helper
        self._seeming: dict[str, dict[int, list[Runner]]] = {}
        self._known: dict[FunctionKey, Runner | None] = {}

    def names_in(self, file: FileIndex) -> set[str]:
        """The names of the functions of a file that look as if they ran what they are given."""
        return {file.function(number).name for number in self._in(file)}

    def run(self, file: FileIndex, index: int, key: FunctionKey) -> None:
        """A call of a helper that calls what it is given becomes a call of that too."""
        runner = self._of(key)
        target = self._given(file, index, key, runner) if runner is not None else None
        if runner is None or not isinstance(target, (Name, Attribute, Item)):
            return
        function = self._graph.program.opened[key[0]].function(key[1])
        number = file.forward(index, target, _rest(file.calls[index], function))
        self.by[file.path, number] = runner
        self._graph.add(file, number)

    def forward(self, file: FileIndex, index: int, policy: Policy) -> None:
        """A call that has a library run a callable it is given becomes a call of that callable too."""
        at = policy.callable
        call = file.calls[index]
        target = expression_at(call, at.argument, at.position) if at is not None else None
        if at is None or target is None or isinstance(target, CallRef):
            return
        passed = positional(call)
        rest = passed[(at.position or 0) + 1 :] if at.position is not None else []
        named = [argument for argument in call.arguments if argument.name is not None and argument.name != at.argument]
        self._graph.add(file, file.forward(index, target, (*rest, *named)))

    def started(self, key: CallKey) -> str:
        """How what a helper is given is started: by a decorator of the helper, or inside it; "" where it is not."""
        runner = self.by.get(key)
        inside = () if runner is None else (runner.starts, *map(self._started_inside, runner.inside))
        return next(filter(None, inside), "")

    def _started_inside(self, key: CallKey) -> str:
        """How a helper starts what it is given: itself, or the closure in which it calls it."""
        graph = self._graph
        file = graph.program.opened[key[0]]
        function = file.facts.blocks[file.calls[key[1]].block].function
        closed = file.facts.blocks[file.function(function).parent_block].function > 0
        around = graph.callers.get((key[0], function), ()) if closed else ()
        return next(filter(None, (graph.starts(graph.program.opened[path], at) for path, at in (key, *around))), "")

    def _given(self, file: FileIndex, index: int, key: FunctionKey, runner: Runner) -> Expr | None:
        home = self._graph.program.opened[key[0]]
        return passed_for_parameter(file.calls[index], home.function(key[1]), runner.parameter)

    def _of(self, key: FunctionKey) -> Runner | None:
        if key not in self._known:
            self._known[key] = None  # it may run itself
            home = self._graph.program.opened.get(key[0])
            seeming = self._in(home).get(key[1], ()) if home is not None else ()
            found = (self._running(home, key, one) for one in seeming if home is not None)
            self._known[key] = next((one for one in found if one is not None), None)
        return self._known[key]

    def _in(self, file: FileIndex) -> dict[int, list[Runner]]:
        known = self._seeming.get(file.path)
        if known is None:
            known = self._seeming[file.path] = {}
            for number, function in enumerate(file.facts.functions):
                found = list(_seeming(file, number, function)) if _may_run(function) else []
                if found:
                    known[number] = found
        return known

    def _running(self, home: FileIndex, key: FunctionKey, seeming: Runner) -> Runner | None:
        """The same where the parameter is called, or handed to what calls it: a pool, a partial, another helper."""
        index = seeming.inside[0][1]
        call, wanted = home.calls[index], Name(seeming.parameter)
        starts = self._decorated(home, home.function(key[1]))
        if starts is None or not self._begun(home, key[1], home.facts.blocks[call.block].function):
            return None
        seeming = seeming._replace(starts=starts)
        if call.callee == wanted:
            return seeming
        for one in self._graph.of(home.path, index):
            meaning = self._graph.program.catalog.meanings.get(one.path)
            at = one.policy.callable if one.policy is not None else None
            if one.policy is not None and at is not None and expression_at(call, at.argument, at.position) == wanted:
                return _started(seeming, one.policy)
            if meaning is not None and meaning.means == "partial":
                around = (other.policy for _, other in self._graph.kinds_around(home, index))
                return seeming if any(policy is not None and policy.callable for policy in around) else None
            deeper = self._of(one.function) if one.function is not None else None
            if (
                deeper is not None
                and one.function is not None
                and self._given(home, index, one.function, deeper) == wanted
            ):
                inside = (*seeming.inside, *deeper.inside)
                return Runner(seeming.parameter, inside, seeming.starts or deeper.starts)
        return None

    def _decorated(self, home: FileIndex, function: Function) -> str | None:
        """How the decorators of a function start it; None for one that nobody has read, or that bounds it."""
        started = ""
        for decorator in function.decorators:
            if getattr(decorator, "id", "") in _RECEIVERLESS:
                continue
            at = (home, function.parent_block, decorator, function.span.line)
            paths = [one.path for one in self._graph.evaluator.values(*at) if isinstance(one, External)]
            if isinstance(decorator, CallRef):
                paths = [one.path for one in self._graph.of(home.path, decorator.index)]
            policy = self._graph.program.catalog.policies.get(paths[0]) if len(paths) == 1 else None
            if policy is None or policy.kind == "limit":
                return None
            started = started or (policy.kind if policy.kind in STARTERS else "")
        return started

    def _begun(self, home: FileIndex, function: int, closure: int) -> bool:
        """Whether a closure is called where it is written, or handed to what calls it, and not only returned."""
        if closure == function:
            return True
        name = home.function(closure).name
        for index in list(home.calls_in.get(function, ())):
            call = home.calls[index]
            given = (argument.value for argument in call.arguments)
            if call.callee == Name(name) or any(one in (Name(name), Closure(closure)) for one in given):
                self._graph.of(home.path, index)
        return bool(self._graph.callers.get((home.path, closure)))


def _started(runner: Runner, policy: Policy) -> Runner | None:
    """A helper that hands what it is given to a library, which runs it elsewhere, or within a limit of its own."""
    if policy.kind == "limit":
        return None
    return runner._replace(starts=runner.starts or policy.kind) if policy.kind in STARTERS else runner


def _may_run(function: Function) -> bool:
    """Whether a function has a parameter that it could run, and is called by its name."""
    return any(one.kind in _PLAIN for one in function.parameters) and not function.name.startswith("__")


def _seeming(file: FileIndex, number: int, function: Function) -> Iterator[Runner]:
    """Calls of a parameter with the function's own ``*args`` or ``**options``, and calls given it and ``*args``."""
    plain = {one.name for one in function.parameters if one.kind in _PLAIN}
    rest = {one.name for one in function.parameters if one.kind == "rest"}
    spread = rest | {one.name for one in function.parameters if one.kind == "options"}
    for inside in (number, *_closures(file, number)):
        for index in file.calls_in.get(inside, ()):
            call = file.calls[index]
            passed = {one.value.id for one in call.arguments if one.spread and isinstance(one.value, Name)}
            if not (passed & spread if spread else inside == number and not call.arguments):
                continue
            if isinstance(call.callee, Name) and call.callee.id in plain:
                if all(one.spread or one.name for one in call.arguments):
                    yield Runner(call.callee.id, ((file.path, index),))
                continue
            given = [one.value.id for one in call.arguments if isinstance(one.value, Name) and not one.spread]
            for name in given if passed & rest else ():
                if name in plain:
                    yield Runner(name, ((file.path, index),))


def _closures(file: FileIndex, number: int) -> list[int]:
    """The functions and lambdas written inside a function."""
    return [
        one
        for one, function in enumerate(file.facts.functions)
        if one and one != number and file.facts.blocks[function.parent_block].function == number
    ]


def _rest(call: Call, function: Function) -> tuple[Argument, ...]:
    """What a call passes beyond the parameters that its callee names."""
    own = {one.name for one in function.parameters if one.kind not in ("rest", "options")}
    plain = sum(one.kind in _PLAIN for one in function.parameters)
    if function.cls >= 0 and not any(getattr(one, "id", "") == "staticmethod" for one in function.decorators):
        plain -= 1
    named = (one for one in call.arguments if (one.name or one.spread == "**") and one.name not in own)
    return (*positional(call)[plain:], *named)
