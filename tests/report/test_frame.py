"""Code frames: the caret stands under what it means, whatever the line is like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from staff_review.nouns.source import Span
from staff_review.report.frame import frame_of
from staff_review.report.look import Look


def under_carets(line: str, span: Span, width: int = 80, look: Look | None = None) -> str:
    """The text above the carets, by cells."""
    *_, code, carets = frame_of([line], span, width, look or Look())
    start = len(carets.text) - len(carets.text.lstrip())
    cells = [character for character in code.text for _ in range(cell_len(character))]
    return "".join(cells[start : start + carets.text.count("^")])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("    x = get(url)", "get"),
        ("\tx = get(url)", "get"),
        ("if x:\tget(url)", "get"),
        ("get(url)", "get"),
        ("名前 = get(url)", "get"),
        ("a" * 300 + " get(url) " + "b" * 300, "get"),
        ("get(url) " + "b" * 300, "get"),
        ("a" * 300 + " get(url)", "get"),
    ],
)
def test_carets_stand_under_the_span(line: str, text: str) -> None:
    column = line.index(text) + 1
    span = Span(1, column, 1, column + len(text))
    assert under_carets(line, span) == text
    assert under_carets(line, span, width=30) == text
    assert under_carets(line, span, width=30, look=Look(unicode=False)) == text


def test_an_empty_span_means_the_whole_line() -> None:
    assert under_carets("  x = 1  # quiet", Span(1, 1, 1, 1)) == "x = 1  # quiet"


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert under_carets("    get(", Span(1, 5, 3, 2)) == "get("


def test_two_lines_before_are_shown_but_no_empty_ones_first() -> None:
    lines = ["zero", "one", "", "  two", "get(url)"]
    frame = frame_of(lines, Span(5, 1, 5, 4), 80, Look())
    assert [(line.gutter, line.text) for line in frame] == [("4", "  two"), ("5", "get(url)"), ("", "^^^")]


def test_deep_code_moves_left_only_when_it_does_not_fit() -> None:
    lines = ["        for key in keys:", "            get(key, something)"]
    wide, narrow = (frame_of(lines, Span(2, 13, 2, 16), width, Look()) for width in (80, 26))
    assert wide[1].text == "            get(key, something)"
    assert [line.text for line in narrow] == ["for key in keys:", "    get(key, something)", "    ^^^"]


@pytest.mark.parametrize("line", [0, 4, 99])
def test_a_line_that_is_not_there_has_no_frame(line: int) -> None:
    assert frame_of(["a", "b", "c"], Span(line, 1, line, 2), 80, Look()) == ()


_COLUMN = st.integers(min_value=1, max_value=400)


@given(
    lines=st.lists(st.text(max_size=300), min_size=1, max_size=4),
    start=_COLUMN,
    end=_COLUMN,
    width=st.integers(min_value=16, max_value=100),
    unicode=st.booleans(),
)
def test_a_frame_never_exceeds_its_width(lines: list[str], start: int, end: int, width: int, unicode: bool) -> None:
    frame = frame_of(lines, Span(len(lines), start, len(lines), end), width, Look(unicode=unicode))
    assert all(cell_len(line.text) <= width for line in frame)
    assert frame[-1].text.strip("^ ") == ""
    assert "^" in frame[-1].text
