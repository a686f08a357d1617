"""Which lines a function is, decorators and all."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..nouns.facts import FileFacts

LONG = 200
"""Lines beyond which a function is shown in parts."""


class Extent(msgspec.Struct, frozen=True):
    """A function of a file: its index in the facts, and its first and last line."""

    index: int
    qualified: str
    first: int
    last: int
    cls: int = -1

    def holds(self, line: int) -> bool:
        """Whether the line is part of it."""
        return self.first <= line <= self.last


def extents_of(facts: FileFacts) -> tuple[Extent, ...]:
    """The functions of a file in order. What is inside one belongs to it, unless it is long: a factory of handlers."""
    found: list[Extent] = []
    for index, function in enumerate(facts.functions):
        outer = _around(facts, function.parent_block)
        if index and all(_length(facts, one) > LONG for one in outer):
            first = min([facts.blocks[function.block].span.line, *(span.line for span in function.decorator_spans)])
            last = facts.blocks[function.block].span.end_line
            found.append(Extent(index, function.qualified, first, last, function.cls))
    return tuple(sorted(found, key=lambda extent: (extent.first, -extent.last)))


def extent_at(extents: Sequence[Extent], line: int) -> Extent | None:
    """The innermost of these functions that a line is part of, None at the top level."""
    return min((one for one in extents if one.holds(line)), key=lambda one: one.last - one.first, default=None)


def functions_around(facts: FileFacts, extent: Extent) -> list[int]:
    """The functions that a function stands in, as their indices; none for lines outside of all."""
    function = facts.functions[extent.index]
    return [facts.blocks[block].function for block in _around(facts, function.parent_block)]


def _around(facts: FileFacts, block: int) -> list[int]:
    """The functions around a block, as their blocks."""
    found = []
    while block > 0:
        if facts.blocks[block].kind == "function":
            found.append(block)
        block = facts.blocks[block].parent
    return found


def _length(facts: FileFacts, block: int) -> int:
    span = facts.blocks[block].span
    return span.end_line - span.line + 1
