"""Items between commas, arguments and imported names alike: one put in or taken out, in the layout of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import libcst as cst

_Item = TypeVar("_Item", cst.Arg, cst.ImportAlias)
_SPACE = cst.SimpleWhitespace(" ")
_NOTHING = cst.SimpleWhitespace("")


def with_item(
    items: Sequence[_Item], new: _Item, index: int, opening: cst.BaseParenthesizableWhitespace
) -> list[_Item]:
    """The items with a new one before `index`; `opening` is the white space that stands before the first."""
    listed: list[_Item] = list(items)
    if not listed:
        return [new]
    if index < len(listed):
        listed.insert(index, new.with_changes(comma=_between(listed, opening)))
        return listed
    last, between = listed[-1], _between(listed, opening)
    if isinstance(last.comma, cst.Comma):
        # A comma behind the last item stays the last thing, and so does the line break after it.
        end = last.comma.whitespace_after
        new = new.with_changes(comma=_bare(last.comma))
    else:
        end = getattr(last, "whitespace_after_arg", _NOTHING)
        if end is not _NOTHING:
            last = last.with_changes(whitespace_after_arg=_NOTHING)
            new = new.with_changes(whitespace_after_arg=_without_remark(end))
    listed[-1] = last.with_changes(comma=_with_remark(between, end))
    listed.append(new)
    return listed


def without_item(items: Sequence[_Item], index: int) -> list[_Item]:
    """The items without the one at `index`; what stood behind the last one stands behind the new last one."""
    listed: list[_Item] = list(items)
    gone = listed.pop(index)
    if index == len(listed) and listed:
        changes: dict[str, object] = {"comma": gone.comma}
        if hasattr(gone, "whitespace_after_arg"):
            changes["whitespace_after_arg"] = gone.whitespace_after_arg
        listed[-1] = listed[-1].with_changes(**changes)
    return listed


def _between(items: Sequence[_Item], opening: cst.BaseParenthesizableWhitespace) -> cst.Comma:
    """The comma that stands between these items, without a remark that may stand behind it."""
    for item in reversed(items[:-1]):
        if isinstance(item.comma, cst.Comma):
            return _bare(item.comma)
    breaks = isinstance(opening, cst.ParenthesizedWhitespace)
    return _bare(cst.Comma(whitespace_after=opening if breaks else _SPACE))


def _bare(comma: cst.Comma) -> cst.Comma:
    return comma.with_changes(whitespace_before=_NOTHING, whitespace_after=_without_remark(comma.whitespace_after))


def _without_remark(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    line_end = cst.TrailingWhitespace(newline=space.first_line.newline)
    return space.with_changes(first_line=line_end, empty_lines=[])


def _with_remark(comma: cst.Comma, end: cst.BaseParenthesizableWhitespace) -> cst.Comma:
    """A comma that keeps a remark which stood behind the item: a remark needs its line to end there."""
    if not isinstance(end, cst.ParenthesizedWhitespace) or end.first_line.comment is None:
        return comma
    if isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace):
        return comma.with_changes(whitespace_after=comma.whitespace_after.with_changes(first_line=end.first_line))
    return comma.with_changes(whitespace_after=end)
