"""Which sides of which choices a block stands on: so that two calls are known to exclude each other, or not."""

from __future__ import annotations

from ...nouns.facts import Binary, Const, Name
from ...nouns.project import Branch
from .index import FileIndex

_SIDES = ("branch", "otherwise", "case", "handler")
_AS_PROGRAM = Binary("==", Name("__name__"), Const("__main__"))
_LEAVING = ("return", "raise", "break", "continue")


def branches_of(file: FileIndex, block: int) -> tuple[Branch, ...]:
    """The choices around a block inside its function, innermost first."""
    blocks = file.facts.blocks
    return tuple(
        Branch(_choice(file, number), number, _leaves(file, number))
        for number in file.chain(block)
        if blocks[number].kind in _SIDES
    )


def as_program(file: FileIndex, block: int) -> bool:
    """Whether a block of a module runs only when somebody starts the file."""
    return any(file.facts.blocks[one].subject == _AS_PROGRAM for one in file.chain(block))


def _choice(file: FileIndex, number: int) -> int:
    """The first block of the choice that a side belongs to; the cases of a match are told by the block around them."""
    blocks = file.facts.blocks
    if blocks[number].kind == "case":
        return -1 - blocks[number].parent
    while blocks[number].partner >= 0:
        number = blocks[number].partner
    return number


def _leaves(file: FileIndex, number: int) -> bool:
    function = file.facts.blocks[number].function
    return any(jump.block == number and jump.kind in _LEAVING for jump in file.jumps_in.get(function, ()))
