"""A code frame: the lines around a finding, and a caret line under the offending span."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len, set_cell_size

from ..nouns.source import Span
from .look import Look
from .places import extent

LINES_BEFORE = 2
_TAB = "    "


class FrameLine(msgspec.Struct, frozen=True):
    """One line of a frame: what stands in the gutter (a line number, or nothing under the code), and the text."""

    gutter: str
    text: str
    caret: bool = False


def frame_of(lines: Sequence[str], span: Span, width: int, look: Look) -> tuple[FrameLine, ...]:
    """The span's first line and up to two before it, cut around the span to `width` cells; empty if it is not there."""
    if not 1 <= span.line <= len(lines):
        return ()
    first = max(1, span.line - LINES_BEFORE)
    while first < span.line and not lines[first - 1].strip():
        first += 1
    target = lines[span.line - 1]
    start, end = extent(target, span)
    left, right = (cell_len(_shown(target[:column], look)) for column in (start, end))
    texts = [_shown(line.rstrip(), look) for line in lines[first - 1 : span.line]]

    spare = _spare_indent(texts) if max(map(cell_len, texts)) > width else 0
    texts, left, right = [text[spare:] for text in texts], left - spare, right - spare
    skip = _skip(cell_len(texts[-1]), left, right, width)
    cut = [_cut(text, skip, width, look.ellipsis) for text in texts]
    left = min(max(left - skip, cell_len(look.ellipsis) if skip else 0), width - 1)
    carets = max(1, min(right - skip, width) - left)
    return (
        *(FrameLine(str(first + offset), text) for offset, text in enumerate(cut)),
        FrameLine("", " " * left + "^" * carets, caret=True),
    )


def _shown(text: str, look: Look) -> str:
    return look.clean(text.replace("\t", _TAB))


def _spare_indent(texts: list[str]) -> int:
    return min((len(text) - len(text.lstrip()) for text in texts if text.strip()), default=0)


def _skip(length: int, left: int, right: int, width: int) -> int:
    """How many cells to leave out at the left so that the span is seen, with a third of the width before it."""
    if length <= width or right <= width - 3:
        return 0
    return max(0, min(left - width // 3, length - width))


def _cut(text: str, skip: int, width: int, ellipsis: str) -> str:
    if skip:
        rest = _from_cell(text, skip + cell_len(ellipsis))
        text = ellipsis + rest if rest.strip() else ""
    if cell_len(text) > width:
        text = set_cell_size(text, width - cell_len(ellipsis)).rstrip() + ellipsis
    return text


def _from_cell(text: str, cells: int) -> str:
    passed = 0
    for index, character in enumerate(text):
        if passed >= cells:
            return " " * (passed - cells) + text[index:]
        passed += cell_len(character)
    return ""
