"""What one of many is: an item that a loop takes, and a part of what is taken apart (``reader, writer = …``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Await, Binding, CallRef, Comprehension, Expr, Item, Name, Sequence, Spread
from ..files.index import FileIndex, leaf_of
from ..files.values import UNKNOWN, External, Instance, Value, Values, Written

if TYPE_CHECKING:
    from .evaluate import Evaluator

_MOST = 4
"""Places that append to one list; beyond, its items have too little in common."""
_LIMITS = 3
"""Time limits around each other (``wait_for(wait_for(…))``) that are looked through."""


def elements_of(evaluator: Evaluator, file: FileIndex, block: int, expr: Expr, values: Values) -> Values:
    """What the items of `expr`, which is one of `values` in that block, can be; unknown when nothing is said."""
    found = [one for value in values for one in (*evaluator.results.rows.each(value), *_written(evaluator, value))]
    if not found:
        added = list(_appended(file, block, expr))
        for index in added if len(added) <= _MOST else ():
            found.extend(evaluator.argument(file, index, file.calls[index].arguments[0].value))
    return tuple(found) or (UNKNOWN,)


def _written(evaluator: Evaluator, value: Value) -> Iterator[Value]:
    """The items of a literal list or of a part of a query, or what a comprehension makes again and again."""
    file = evaluator.program.file(value.path) if isinstance(value, Written) else None
    if file is None or not isinstance(value, Written):
        return
    if isinstance(value.expr, Item):
        for whole in evaluator.values(file, value.block, value.expr.of):
            yield from evaluator.results.rows.each(whole)
    if isinstance(value.expr, Comprehension) and value.expr.kind != "dict":
        yield from evaluator.values(file, value.expr.block, value.expr.element)
    elif isinstance(value.expr, Sequence) and not any(isinstance(one, Spread) for one in value.expr.items):
        for item in value.expr.items:
            yield from evaluator.values(file, value.block, item)


def _appended(file: FileIndex, block: int, expr: Expr) -> Iterator[int]:
    """The calls ``expr.append(item)`` in the same function, or for an attribute of ``self`` in the same class."""
    function = file.facts.blocks[block].function
    name = expr.of.id if isinstance(expr, Attribute) and isinstance(expr.of, Name) else ""
    owner = file.class_of_receiver(function, name)
    for index in file.by_leaf.get("append", ()):
        call = file.calls[index]
        if isinstance(call.callee, Attribute) and call.callee.of == expr and len(call.arguments) == 1:
            there = file.facts.blocks[call.block].function
            if there == function or (owner is not None and file.class_of_receiver(there, name) == owner):
                yield index


def part_of(evaluator: Evaluator, file: FileIndex, binding: Binding, name: str) -> Values:
    """What `name` holds of a value that an assignment takes apart; unknown when the value is not written out."""
    target, value = binding.target, binding.value
    items = target.items if isinstance(target, Sequence) else ()
    position = next((number for number, item in enumerate(items) if leaf_of(item) == name), None)
    if binding.how != "assign" or value is None or position is None or any(isinstance(item, Spread) for item in items):
        return (UNKNOWN,)
    at = binding.span
    found: list[Value] = []
    for whole in evaluator.values(file, binding.block, value, at.line, at.column):
        home = evaluator.program.file(whole.path) if isinstance(whole, Written) else None
        parts = whole.expr.items if isinstance(whole, Written) and isinstance(whole.expr, Sequence) else ()
        if home is None or not isinstance(whole, Written) or len(parts) != len(items):
            found.extend(_part_of_call(evaluator, file, value, position))
        else:
            found.extend(evaluator.values(home, whole.block, parts[position]))
    return tuple(found) or (UNKNOWN,)


def _part_of_call(evaluator: Evaluator, file: FileIndex, value: Expr, position: int) -> Values:
    """A part of what a library's call gives several of, as the catalog says it under ``call[position]``."""
    call = value.of if isinstance(value, Await) else value
    catalog = evaluator.program.catalog
    for _ in range(_LIMITS):
        callees = evaluator.callee(file, call.index) if isinstance(call, CallRef) else ()
        paths = [one.path for one in callees if isinstance(one, External)]
        made = [found for path in paths if (found := catalog.makers.get(f"{path}[{position}]")) is not None]
        bounded = any((policy := catalog.policies.get(path)) and policy.kind == "limit" for path in paths)
        if made or not bounded or not isinstance(call, CallRef):
            return tuple(map(Instance, made)) or (UNKNOWN,)
        call = next((argument.value for argument in file.calls[call.index].arguments), call)
    return (UNKNOWN,)
