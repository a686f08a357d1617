"""Calls that a function makes only where its caller asked for it: behind a parameter that was left empty."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Binary, Const, Expr, Mapping, Name, Sequence
from ..files.arguments import has_spread, passed_for_parameter
from ..files.index import FileIndex
from ..files.showing import mentions
from ..files.values import CallKey, FunctionKey
from .graph import Graph


class Unasked:
    """Tells which ways of a function some call of it does not take; the conditions are remembered per call."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._asked: dict[CallKey, dict[str, bool]] = {}

    def is_optional(self, key: CallKey) -> bool:
        """Whether a call is made only where some parameter of its function was given."""
        return bool(self._conditions(key))

    def skips(self, caller: FileIndex, index: int, callee: FunctionKey, inner: CallKey) -> bool:
        """Whether call `index` leaves empty what the call `inner` of the function that it calls depends on."""
        asked = self._conditions(inner)
        if not asked:
            return False
        call = caller.calls[index]
        file = self._graph.program.file(callee[0])
        if file is None or has_spread(call):
            return False
        function = file.function(callee[1])
        for parameter in function.parameters:
            if parameter.name not in asked:
                continue
            if parameter.kind == "options":
                known = {one.name for one in function.parameters}
                if all(argument.name is None or argument.name in known for argument in call.arguments):
                    return True
                continue
            given = passed_for_parameter(call, function, parameter.name)
            if _is_empty(given if given is not None else parameter.default, none_only=asked[parameter.name]):
                return True
        return False

    def _conditions(self, key: CallKey) -> dict[str, bool]:
        """The parameters that a call depends on; whether only None counts as empty."""
        known = self._asked.get(key)
        if known is None:
            known = self._asked[key] = dict(_asked_for(self._graph.program.opened[key[0]], key[1]))
        return known


def _asked_for(file: FileIndex, index: int) -> Iterator[tuple[str, bool]]:
    """The parameters without which a call is not made: the branches and loops around it ask for them."""
    function = file.facts.blocks[file.calls[index].block].function
    for number in file.chain(file.calls[index].block):
        block = file.facts.blocks[number]
        needed: Iterator[tuple[str, bool]] = iter(())
        if block.kind == "branch" and block.subject is not None:
            needed = _needed(block.subject)
        elif block.kind == "loop":
            options = (one.name for one in file.function(function).parameters if one.kind == "options")
            needed = ((name, False) for name in options if mentions(file, block.subject, {name}))
        for name, none_only in needed:
            if (function, name) in file.parameters and not _is_set_again(file, function, name):
                yield name, none_only


def _needed(test: Expr) -> Iterator[tuple[str, bool]]:
    """The names that a test needs: that of ``debug``, of ``ready and debug``, of ``debug is not None``."""
    if isinstance(test, Name):
        yield test.id, False
    elif isinstance(test, Binary) and test.op == "and":
        yield from _needed(test.left)
        yield from _needed(test.right)
    elif isinstance(test, Binary) and test.op in ("is not", "!=") and test.right == Const(None):
        yield from ((test.left.id, True),) if isinstance(test.left, Name) else ()


def _is_set_again(file: FileIndex, function: int, name: str) -> bool:
    return any(binding.target == Name(name) for binding in file.bindings_in.get(function, ()))


def _is_empty(expr: Expr | None, *, none_only: bool) -> bool:
    if isinstance(expr, Const):
        return expr.value is None if none_only else not expr.value
    return not none_only and isinstance(expr, (Sequence, Mapping)) and not expr.items
