"""Where a piece of code stands in a text, as a check would say it."""

from __future__ import annotations

from staff_review.nouns.source import Place, Span


def place_of(text: str, piece: str) -> Place:
    """The place of the one occurrence of `piece`."""
    assert text.count(piece) == 1, piece
    start = text.index(piece)
    end = start + len(piece)
    return Place("app.py", Span(*_at(text, start), *_at(text, end)))


def _at(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
