"""What a loop calls its items, and what it makes of them from round to round."""

from __future__ import annotations

from ...nouns.facts import Attribute, Block, CallRef, Expr, Name, Sequence
from ..files.index import FileIndex
from .flow import roots_of


def variables(loop: Block) -> tuple[Expr | None, ...]:
    """What a loop binds each item to: ``x``, or ``k`` and ``v``."""
    return loop.target.items if isinstance(loop.target, Sequence) else (loop.target,)


def made_of(file: FileIndex, loop: int, items: frozenset[str]) -> frozenset[str]:
    """The names that a loop gives to members of its items, and to what their methods give."""
    found = set(items)
    for binding in file.bindings_in.get(file.facts.blocks[loop].function, ()):
        here = binding.value if file.inside(binding.block, loop) else None
        while isinstance(here, (Attribute, CallRef)):
            here = here.of if isinstance(here, Attribute) else file.calls[here.index].callee
        if isinstance(here, Name) and here.id in found and isinstance(binding.target, Name):
            found.add(binding.target.id)
    return frozenset(found - items)


def bound_in(file: FileIndex, loop: int) -> frozenset[str]:
    """The names that a round of a loop gives a value, or changes a member of."""
    inside = (one for one in file.bindings_in.get(file.facts.blocks[loop].function, ()) if file.inside(one.block, loop))
    return frozenset(name for binding in inside for name in roots_of(binding.target))
