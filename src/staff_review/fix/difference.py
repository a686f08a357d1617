"""Two texts of one file as a unified diff, as `git apply` takes it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher, unified_diff

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line ends at a line feed and nowhere else: a carriage return before it is part of the line."""

_MOST = 8_000
"""Characters up to which a changed stretch is compared letter by letter."""


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return _LINE.findall(text)


def unified(path: str, before: str, after: str) -> str:
    """The change of one file, "" for none."""
    lines = unified_diff(lines_of(before), lines_of(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


class Origins:
    """Where the places of a changed text were before."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = lines_of(before), lines_of(after)
        self._blocks = SequenceMatcher(None, self._before, self._after, autojunk=False).get_opcodes()

    def lines(self, line: int) -> range:
        """The lines, from 1, that a line came from: one where it is the same, several or none where it changed."""
        for kind, first, last, start, end in self._blocks:
            if start < line <= end:
                same = first + line - start
                return range(same, same + 1) if kind == "equal" else range(first + 1, last + 1)
        return range(0)

    def position(self, line: int, column: int) -> tuple[int, int] | None:
        """The line and column, from 1, that one character came from; None where that cannot be told."""
        for kind, first, last, start, end in self._blocks:
            if start < line <= end:
                if kind == "equal":
                    return first + line - start, column
                old, new = "".join(self._before[first:last]), "".join(self._after[start:end])
                offset = sum(map(len, self._after[start : line - 1])) + column - 1
                there = _character(old, new, offset)
                if there is None:
                    return None
                above = old.count("\n", 0, there)
                return first + above + 1, there - (old.rfind("\n", 0, there) + 1) + 1
        return None


def _character(before: str, after: str, offset: int) -> int | None:
    if len(before) + len(after) > _MOST:
        return None  # the time that comparing takes grows with the square
    for first, start, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if start <= offset < start + size:
            return first + offset - start
    return None
