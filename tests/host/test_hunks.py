"""The lines that a diff shows, found in two ways."""

from __future__ import annotations

from diffs import commentable, patch_between
from hypothesis import given
from hypothesis import strategies as st

from staff_review.host.hunks import shown_by

LINES = st.lists(st.sampled_from(["a", "b", "+c", "-d", "@@ -1 +1 @@", "", "\\ e"]), max_size=40)


@given(LINES, LINES)
def test_the_lines_are_those_of_the_diff(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(before), "\n".join(after)
    shown = shown_by(patch_between(old, new))
    found = {line: former for hunk in shown.hunks for line, former in hunk.items()}
    assert found.keys() == commentable(old, new)
    for line, former in found.items():
        assert former is None or old.splitlines()[former - 1] == new.splitlines()[line - 1]


@given(st.text())
def test_no_patch_is_too_odd(patch: str) -> None:
    assert shown_by(patch).hunk_with(10**9, 10**9) is None


def test_a_stretch_over_two_hunks_is_in_none() -> None:
    shown = shown_by("@@ -1,1 +1,2 @@\n a\n+b\n@@ -9,1 +10,2 @@\n c\n+d")
    assert shown.hunk_with(1, 2) == {1: 1, 2: None}
    assert shown.hunk_with(2, 10) is None
