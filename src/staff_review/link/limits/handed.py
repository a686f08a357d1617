"""Helpers of the program that bound what they are handed: ``await within(fetch(url), 5)``."""

from __future__ import annotations

from ...nouns.facts import Call, CallRef, Const, Expr, Function, Name
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.arguments import expression_at, passed_for_parameter
from ..files.index import FileIndex
from ..files.values import FunctionKey


def bounded_by_helper(graph: Graph, contexts: Contexts, file: FileIndex, index: int) -> FunctionKey | None:
    """The helper that a call is handed to as it stands, where that waits for it only so long; else None."""
    outer = file.holder.get(index)
    keys = [one.function for one in graph.of(file.path, outer) if one.function] if outer is not None else []
    if outer is None or len(keys) != 1:
        return None
    helper = graph.program.opened.get(keys[0][0])
    if helper is None or not helper.function(keys[0][1]).is_async:
        return None
    call, function = file.calls[outer], helper.function(keys[0][1])
    handed = any(passed_for_parameter(call, function, one.name) == CallRef(index) for one in function.parameters)
    return keys[0] if handed and _waits_so_long(graph, contexts, helper, keys[0][1], call) else None


def _waits_so_long(graph: Graph, contexts: Contexts, file: FileIndex, number: int, call: Call) -> bool:
    """Whether a limit stands in a helper, as a block or around a call, and whoever calls it so says how long."""
    function = file.function(number)
    if any(
        region.kind == "limit" for block in file.blocks_in.get(number, ()) for region in contexts.regions(file, block)
    ):
        return True
    for index in file.calls_in.get(number, ()):
        for one in graph.of(file.path, index):
            at = one.policy.seconds if one.policy is not None and one.policy.kind == "limit" else None
            given = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
            if given is not None and _is_said(given, function, call):
                return True
    return False


def _is_said(given: Expr, function: Function, call: Call) -> bool:
    """Whether a limit is one: a parameter counts as what the call passes for it, else as its default."""
    if isinstance(given, Name):
        for parameter in function.parameters:
            if parameter.name == given.id:
                passed = passed_for_parameter(call, function, parameter.name)
                return (passed if passed is not None else parameter.default) not in (None, Const(None))
    return given != Const(None)
