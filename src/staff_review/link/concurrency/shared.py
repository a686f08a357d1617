"""Objects for one task at a time, such as sessions of a database, that tasks started at once are given together."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.burdens import Shared
from ...nouns.facts import Attribute, Call, Comprehension, Expr, Name
from ...nouns.libraries import Effect
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.index import FileIndex, calls_within
from ..files.showing import shown
from ..files.values import Instance
from ..sites import Sites


def shared(graph: Graph, sites: Sites, doings: Doings) -> Iterator[Shared]:
    """Every such object that two tasks of one start, or one for each item, work with; in file order."""
    for file, index, found in graph.library_calls():
        if any(one.operation is not None and Effect.FAN_OUT in one.operation.effects for one in found):
            name = _twice(graph, doings, file, index)
            if name:
                call = file.calls[index]
                function = sites.function((file.path, file.facts.blocks[call.block].function))
                yield Shared(file.place(call.span), function, shown(file, call.callee), name)


def _twice(graph: Graph, doings: Doings, file: FileIndex, index: int) -> str:
    """The name of an object that two of the started coroutines work with."""
    seen: set[str] = set()
    for argument in file.calls[index].arguments:
        each = isinstance(argument.value, Comprehension)
        for inner in calls_within(argument.value):
            for name in dict.fromkeys(_objects(file.calls[inner])):
                if not _is_single(graph, doings, file, inner, name) or _is_own(file, argument.value, name):
                    continue
                if each or name.id in seen:
                    return name.id
                seen.add(name.id)
    return ""


def _objects(call: Call) -> Iterator[Name]:
    """The bare names that a call works on or is given."""
    whole: list[Expr] = [call.callee, *(argument.value for argument in call.arguments)]
    for expr in whole:
        here = expr.of if isinstance(expr, Attribute) else expr
        if isinstance(here, Name):
            yield here


def _is_single(graph: Graph, doings: Doings, file: FileIndex, inner: int, name: Name) -> bool:
    """Whether a name stands for an object that only one task may use at a time."""
    for value in graph.evaluator.argument(file, inner, name):
        if isinstance(value, Instance) and Act.SESSION in doings.acts(value.type):
            return True
    return False


def _is_own(file: FileIndex, value: Expr, name: Name) -> bool:
    """Whether each round of a comprehension has its own: ``[load(s) for s in sessions]``."""
    if not isinstance(value, Comprehension):
        return False
    return any(file.facts.blocks[block].target == name for block in file.chain(value.block))
