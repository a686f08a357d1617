"""Which findings after a change are those from before."""

from __future__ import annotations

from typing import Any

import pytest

from staff_review.nouns.findings import Finding
from staff_review.nouns.source import Place, Span
from staff_review.triage.introduced import Former, Weighed, weighed
from staff_review.triage.line_map import LineMap


def finding(line: int, **more: Any) -> Finding:
    path = more.pop("path", "a.py")
    said = {"rule": "missing-timeout", "family": "timeouts", "severity": "error", "scope": "f", "subject": "get()"}
    return Finding(
        place=Place(path, Span(line, 1, line, 2)), confidence="high", message="", why="", instead="",
        fingerprint=f"{path} {line}", **{**said, **more},
    )  # fmt: skip


def places(result: Weighed) -> tuple[list[str], list[str]]:
    return [str(one.place) for one in result.new], [str(one.place) for one in result.gone]


LINES = [f"line {number}" for number in range(1, 10)]
SAME = LineMap(LINES, LINES)


@pytest.mark.parametrize(
    ("now", "known"),
    [
        (finding(3), True),
        (finding(8), True),
        (finding(8, subject="g e t()"), True),
        (finding(8, path="b.py"), True),
        (finding(3, scope="g", subject="post()"), True),
        (finding(8, rule="timeout-disabled"), True),
        (finding(8, scope="g"), False),
        (finding(8, subject="post()"), False),
        (finding(3, rule="call-in-loop", family="scale"), False),
        (finding(3, severity="note"), True),
    ],
    ids=[
        "the same", "moved", "with other spaces", "in another file", "rewritten on its line", "a rule of the family",
        "in another function", "another call", "another family", "milder",
    ],
)  # fmt: skip
def test_a_finding_is_known_again(now: Finding, known: bool) -> None:
    result = weighed([now], [], [Former((finding(3),), lines={"a.py": SAME})])
    assert (result.new == ()) is known
    assert (result.gone == ()) is known


def test_a_line_that_was_moved_within_its_file_is_known_again() -> None:
    moved = Former((finding(2),), lines={"a.py": LineMap(["f", "  get", "g"], ["f", "g", "    get"])})
    assert places(weighed([finding(3, scope="g")], [], [moved])) == ([], [])
    rewritten = Former((finding(2),), lines={"a.py": LineMap(["f", "  get", "g"], ["f", "g", "    get 2"])})
    assert places(weighed([finding(3, scope="g")], [], [rewritten])) == (["a.py:3"], ["a.py:2"])


def test_a_graver_one_is_new_and_its_former_self_is_not_mended() -> None:
    result = weighed([finding(3)], [], [Former((finding(3, severity="warning"),))])
    assert places(result) == (["a.py:3"], [])


def test_each_stands_for_one_only_and_the_line_decides_which() -> None:
    before = ["f", "get", "x"]
    after = ["f", "get", "x", "get"]
    former = Former((finding(2),), lines={"a.py": LineMap(before, after)})
    assert places(weighed([finding(2), finding(4)], [], [former])) == (["a.py:4"], [])
    former = Former((finding(2),), lines={"a.py": LineMap(["f", "get"], ["f", "get 2", "x", "get"])})
    assert places(weighed([finding(2), finding(4)], [], [former])) == (["a.py:2"], [])


def test_what_is_quiet_now_is_neither_new_nor_mended() -> None:
    assert places(weighed([], [finding(3)], [Former((finding(3),))])) == ([], [])


def test_a_renamed_file_is_the_same_file() -> None:
    former = Former((finding(3, path="old.py", subject=""),), {"old.py": "a.py"}, {"a.py": SAME})
    assert places(weighed([finding(3, subject="")], [], [former])) == ([], [])


def test_of_a_merge_only_what_no_side_had_is_new() -> None:
    sides = [Former((finding(3),)), Former((finding(5, subject="post()"), finding(7, subject="put()")))]
    now = [finding(3), finding(5, subject="post()"), finding(9, subject="delete()")]
    assert places(weighed(now, [], sides)) == (["a.py:9"], [])
