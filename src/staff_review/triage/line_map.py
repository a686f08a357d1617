"""Where the lines of a changed file were before."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


class LineMap:
    """Two states of a file, line by line, from 1."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after = before, after
        self._former: dict[int, range] = {}
        self.brought: frozenset[int] = frozenset()
        """The lines that are new or changed."""
        self.touched: frozenset[int] = frozenset()
        """These, and the lines around what was taken out."""
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        self._head, self._tail = head, len(after) - tail
        self._shift = len(before) - len(after)
        brought: set[int] = set()
        touched: set[int] = set()
        # Without the lines that are everywhere, as blank ones, for which it would be quadratic.
        middle = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail])
        for kind, first, last, start, end in middle.get_opcodes():
            for number in range(start, end):
                same = head + first + number - start + 1
                was = range(same, same + 1) if kind == "equal" else range(head + first + 1, head + last + 1)
                self._former[head + number + 1] = was
            if kind == "delete":
                touched |= {head + start, head + start + 1}
            elif kind != "equal":
                brought |= set(range(head + start + 1, head + end + 1))
        self.brought = frozenset(brought)
        self.touched = frozenset(brought | touched)

    def former(self, line: int) -> range:
        """The lines that a line was: itself, those that it replaced, or none."""
        if line <= self._head:
            return range(line, line + 1)
        if line > self._tail:
            return range(line + self._shift, line + self._shift + 1)
        return self._former.get(line, range(0))

    def text(self, line: int) -> str:
        """What a line says now, without its indentation; "" for none."""
        return _text(self._after, line)

    def text_before(self, line: int) -> str:
        """What a line said before."""
        return _text(self._before, line)


def _text(lines: Sequence[str], line: int) -> str:
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts begin with in common."""
    return next(
        (number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
