"""The expressions that a function holds: in arguments, assignments, jumps and tests, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import Attribute, CallRef, Comprehension, Expr, Item, Name
from ...nouns.source import Span
from .index import FileIndex

_FIELDS = ("of", "key", "left", "right", "test")
_MANY = ("parts", "items", "options")


class Spoken(NamedTuple):
    """One expression with the block that it is evaluated in, and the place to point at."""

    expr: Expr
    block: int
    span: Span


def spoken_in(file: FileIndex, function: int) -> Iterator[Spoken]:
    """Every expression of a function, the parts of each included; closures are functions of their own."""
    for index in file.calls_in.get(function, ()):
        call = file.calls[index]
        if index not in file.forwarded:
            for expr in (call.callee, *(argument.value for argument in call.arguments)):
                yield from _within(Spoken(expr, call.block, call.span))
    for binding in file.bindings_in.get(function, ()):
        if binding.value is not None and binding.how != "element":
            yield from _within(Spoken(binding.value, binding.block, binding.span))
        if isinstance(binding.target, (Attribute, Item)):
            yield from _within(Spoken(binding.target.of, binding.block, binding.span))
        if isinstance(binding.target, Item):
            yield from _within(Spoken(binding.target.key, binding.block, binding.span))
    for jump in file.jumps_in.get(function, ()):
        if jump.value is not None:
            yield from _within(Spoken(jump.value, jump.block, jump.span))
    for number in file.blocks_in.get(function, ()):
        block = file.facts.blocks[number]
        if block.subject is not None and block.parent >= 0:
            inside = number if block.kind == "branch" and block.form == "comprehension" else block.parent
            yield from _within(Spoken(block.subject, inside, block.span))


def _within(whole: Spoken) -> Iterator[Spoken]:
    stack = [whole]
    while stack:
        here = stack.pop()
        yield here
        expr, block, span = here
        if isinstance(expr, Comprehension):
            stack.append(Spoken(expr.element, expr.block, span))
        if isinstance(expr, (CallRef, Name)):
            continue  # a call is visited for itself
        parts = [getattr(expr, field, None) for field in _FIELDS]
        for field in _MANY:
            for item in getattr(expr, field, ()):
                parts.extend(item if isinstance(item, tuple) else (item,))
        stack.extend(Spoken(part, block, span) for part in parts if part is not None)
