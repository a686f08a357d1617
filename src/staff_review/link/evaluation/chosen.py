"""What is chosen when the program runs: a member by a name in a variable, an entry of a table of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Expr, Mapping
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Literal,
    Object,
    Value,
    Values,
    Written,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def member_named(evaluator: Evaluator, file: FileIndex, index: int) -> Values:
    """What ``getattr(owner, name)`` gives: for a name that nobody knows before, any request that its owner can make."""
    call = file.calls[index]
    owner, name = expression_at(call, None, 0), expression_at(call, None, 1)
    if owner is None or name is None:
        return (UNKNOWN,)
    names = [
        one.value if isinstance(one, Literal) and isinstance(one.value, str) else ""
        for one in evaluator.argument(file, index, name)
    ]
    found: list[Value] = []
    for value in evaluator.argument(file, index, owner):
        any_verb = () if all(names) else _requests_of(evaluator, value)
        for one in dict.fromkeys((*filter(None, names), *any_verb)):
            found.extend(evaluator.members.of(value, one))
    default = expression_at(call, None, 2)
    return (*found, *(evaluator.argument(file, index, default) if default is not None else ())) or (UNKNOWN,)


def _requests_of(evaluator: Evaluator, owner: Value) -> tuple[str, ...]:
    """The members of a library's module or client that are called like the verb they send."""
    path = owner.path if isinstance(owner, External) else owner.type if isinstance(owner, Instance) else ""
    return evaluator.program.catalog.verbs.get(path, ())


def entry_named(evaluator: Evaluator, file: FileIndex, index: int, key: Expr) -> Values:
    """What a call takes from a table that the program writes out, or gives where the table has nothing."""
    found: list[Value] = []
    for callee in evaluator.callee(file, index):
        owner = callee.receiver if isinstance(callee, External) else None
        keys = evaluator.argument(file, index, key)
        found.extend(evaluator.members.written(owner, keys) if isinstance(owner, Written) else (UNKNOWN,))
    default = expression_at(file.calls[index], None, 1)
    return (*found, *(evaluator.argument(file, index, default) if default is not None else ()))


def chosen_from(evaluator: Evaluator, file: FileIndex, block: int, table: Mapping) -> Values:
    """What a table of functions, classes or objects gives for a key that only the run decides: any of them.

    A table may hold tables, as of handlers by topic and then by key.
    """
    found = [one for _, value in table.items for one in evaluator.members.part(file, block, value)]
    return tuple(dict.fromkeys(found)) if found and all(_is_told(evaluator, one) for one in found) else (UNKNOWN,)


def _is_told(evaluator: Evaluator, value: Value) -> bool:
    if isinstance(value, External):
        return evaluator.program.catalog.operations.get(value.path) is not None
    if isinstance(value, Written):
        return isinstance(value.expr, Mapping)
    return isinstance(value, (FunctionValue, ClassValue, Object, Instance))
