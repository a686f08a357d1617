"""Where lines were before: against what the lines themselves say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from staff_review.triage.line_map import LineMap

LINES = st.lists(st.sampled_from("abcd"), max_size=12)


@given(LINES, LINES)
def test_a_line_that_was_not_brought_is_what_it_was(before: list[str], after: list[str]) -> None:
    lines = LineMap(before, after)
    kept = [number for number in range(1, len(after) + 1) if number not in lines.brought]
    former = [lines.former(number) for number in kept]
    assert [before[one.start - 1] for one in former] == [after[number - 1] for number in kept]
    starts = [one.start for one in former]
    assert starts == sorted(set(starts))
    assert all(len(one) == 1 for one in former)
    assert lines.brought <= lines.touched


@given(LINES, LINES, LINES)
def test_lines_put_in_are_brought_and_come_from_nowhere(head: list[str], more: list[str], tail: list[str]) -> None:
    lines = LineMap([*head, "x", *tail], [*head, "x", *(f"new {line}" for line in more), *tail])
    start = len(head) + 1
    assert lines.brought == set(range(start + 1, start + 1 + len(more)))
    assert all(len(lines.former(number)) == 0 for number in lines.brought)


def test_a_replaced_line_was_the_lines_that_it_replaces() -> None:
    lines = LineMap(["a", "b", "c", "d"], ["a", "x", "d"])
    assert [lines.former(number) for number in (1, 2, 3)] == [range(1, 2), range(2, 4), range(4, 5)]
    assert lines.brought == {2}


def test_what_is_taken_out_touches_the_lines_around_it() -> None:
    lines = LineMap(["a", "b", "c"], ["a", "c"])
    assert (lines.brought, lines.touched) == (frozenset(), {1, 2})
