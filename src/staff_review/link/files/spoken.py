"""The expressions that a function holds: in arguments, assignments, jumps and tests, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import (
    Attribute,
    Await,
    Binary,
    CallRef,
    Choice,
    Comprehension,
    Item,
    Mapping,
    Name,
    Sequence,
    Spread,
    Text,
    Unary,
)
from .definitions import Spoken
from .index import FileIndex

_ONE: dict[type, tuple[str, ...]] = {
    Attribute: ("of",),
    Spread: ("of",),
    Unary: ("of",),
    Await: ("of",),
    Item: ("of", "key"),
    Binary: ("left", "right"),
    Choice: ("test",),
}
"""The parts of each kind of expression."""
_MANY: dict[type, tuple[str, ...]] = {Text: ("parts",), Sequence: ("items",), Mapping: ("items",), Choice: ("options",)}
"""And those of which there may be any number."""


def spoken_in(file: FileIndex, function: int) -> tuple[Spoken, ...]:
    """Every expression of a function, the parts of each included; closures are functions of their own."""
    kept = file.spoken.get(function)
    if kept is None:
        kept = file.spoken[function] = tuple(_spoken(file, function))
    return kept


def _spoken(file: FileIndex, function: int) -> Iterator[Spoken]:
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
        parts = [getattr(expr, field) for field in _ONE.get(type(expr), ())]
        for field in _MANY.get(type(expr), ()):
            for item in getattr(expr, field):
                parts.extend(item if isinstance(item, tuple) else (item,))
        stack.extend(Spoken(part, block, span) for part in parts if part is not None)
