"""What the address of a call is put together with, behind the part that says whom it asks."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Name, Sequence, Text
from ...nouns.libraries import Operation
from ..files.arguments import expression_at
from ..files.index import FileIndex
from .flow import names_in

_HOLES = ("%", "{")
"""How a pattern begins that has its first value for a beginning."""


def asked_for(file: FileIndex, index: int, operation: Operation) -> frozenset[str]:
    """The names that the address of a call goes on with: ``host`` begins ``f"{host}/jobs/{job}"``, ``job`` goes on."""
    at = operation.url
    expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
    if isinstance(expr, Name):
        function = file.facts.blocks[file.calls[index].block].function
        given = [one.value for one in file.bindings_in.get(function, ()) if one.target == expr]
        expr = given[0] if len(given) == 1 else None
    return names_in(file, *_rest(file, expr))


def _rest(file: FileIndex, expr: Expr | None) -> Iterator[Expr]:
    """The parts of an address behind its first."""
    if isinstance(expr, Text):
        yield from expr.parts[1:]
    elif isinstance(expr, Binary) and expr.op == "+":
        yield from (expr.right, *_rest(file, expr.left))
    elif isinstance(expr, Binary) and expr.op == "%":
        values = expr.right.items if isinstance(expr.right, Sequence) else (expr.right,)
        yield from values[_first(expr.left) :]
    elif isinstance(expr, CallRef):
        call = file.calls[expr.index]
        pattern = call.callee.of if isinstance(call.callee, Attribute) else None
        values = tuple(argument.value for argument in call.arguments)
        yield from values[_first(pattern) if isinstance(pattern, Const) else 1 :]


def _first(pattern: Expr) -> int:
    """How many of its values a pattern begins with."""
    return int(not isinstance(pattern, Const) or str(pattern.value).startswith(_HOLES))
