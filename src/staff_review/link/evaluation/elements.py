"""What a loop variable can be: an item written in a list, made by a comprehension, or appended to the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...facts import Attribute, Comprehension, Expr, Name, Sequence, Spread
from ..files.index import FileIndex
from ..files.values import UNKNOWN, Value, Values, Written

if TYPE_CHECKING:
    from .evaluate import Evaluator

_MOST = 4
"""Places that append to one list; beyond, its items have too little in common."""


def elements_of(evaluator: Evaluator, file: FileIndex, block: int, expr: Expr, values: Values) -> Values:
    """What the items of `expr`, which is one of `values` in that block, can be; unknown when nothing is said."""
    found = [one for value in values if isinstance(value, Written) for one in _written(evaluator, value)]
    if not found:
        added = list(_appended(file, block, expr))
        for index in added if len(added) <= _MOST else ():
            found.extend(evaluator.argument(file, index, file.calls[index].arguments[0].value))
    return tuple(found) or (UNKNOWN,)


def _written(evaluator: Evaluator, value: Written) -> Iterator[Value]:
    """The items of a literal list, or what a comprehension makes again and again."""
    file = evaluator.program.file(value.path)
    if file is None:
        return
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
