"""Which action of a view code is for, where tests around it say so: ``if self.action == "list"``."""

from __future__ import annotations

from ...nouns.facts import Attribute, Binary, Const, Expr, Sequence
from ..files.index import FileIndex

_SIDES = ("branch", "otherwise")


def is_for(file: FileIndex, block: int, member: str, action: str) -> bool | None:
    """Whether the tests around a block choose it for `action`, as `member` of a view names them; None if none says."""
    blocks = file.facts.blocks
    found: bool | None = None
    for number in file.chain(block):
        here = blocks[number]
        told = _holds_for(here.subject, member, action) if here.kind == "branch" else None
        before = here.partner if here.kind in _SIDES else -1
        while before >= 0 and told is not False:
            told = False if _holds_for(blocks[before].subject, member, action) else told
            before = blocks[before].partner
        if told is False:
            return False
        found = told or found
    return found


def _holds_for(test: Expr | None, member: str, action: str) -> bool | None:
    """Whether a test on the action is true for one; None for all other tests."""
    if not isinstance(test, Binary) or not (isinstance(test.left, Attribute) and test.left.name == member):
        return None
    sides = test.right.items if isinstance(test.right, Sequence) else (test.right,)
    if not all(isinstance(one, Const) for one in sides) or test.op not in ("==", "in", "!=", "not in"):
        return None
    return (Const(action) in sides) == (test.op in ("==", "in"))
