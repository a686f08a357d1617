"""Comments of a persona that nobody wants to see again."""

from __future__ import annotations

from datetime import date

import pytest

from staff_review.nouns.baseline import NOTHING, Accepted, Baseline
from staff_review.nouns.facts import Silence
from staff_review.nouns.findings import Comment
from staff_review.nouns.source import Place, Span
from staff_review.triage.baseline import accepting
from staff_review.triage.remarks import quiet_comment

TODAY = date(2027, 3, 15)
COMMENT = Comment(
    Place("a/b.py", Span(4, 5, 5, 9)), "backend-staff", "It waits.", "hard-dependency", fingerprint="f" * 16
)


def by(silence: Silence, comment: Comment = COMMENT) -> str:
    found = quiet_comment(comment, (silence,), NOTHING, TODAY)
    return f"{found.by}: {found.reason}" if found is not None else ""


@pytest.mark.parametrize("name", ["persona", "persona:hard-dependency", "hard-dependency"])
@pytest.mark.parametrize("lines", [(4, 4), (5, 5), (1, 9)])
def test_a_silence_quiets_comments_on_its_lines_by_any_of_their_names(name: str, lines: tuple[int, int]) -> None:
    assert by(Silence(("missing-timeout", name), lines[0], lines, "we know")) == "comment: we know"


def test_a_silence_of_the_whole_file_quiets_them_all() -> None:
    assert by(Silence(("persona",), 1, (0, 0), "generated")) == "file comment: generated"


@pytest.mark.parametrize(
    "silence",
    [
        Silence(("persona",), 3, (1, 3)),
        Silence(("persona",), 6, (6, 6)),
        Silence(("persona:repeated-effect",), 4, (4, 4)),
        Silence(("missing-timeout",), 4, (4, 4)),
        Silence((), 4, (4, 4)),
        Silence(("persona",), 4, (4, 4), until="2027-03-14"),
    ],
)
def test_another_line_another_name_or_a_date_that_is_over_quiets_nothing(silence: Silence) -> None:
    assert by(silence) == ""


def test_the_baseline_accepts_a_comment_by_its_fingerprint_alone() -> None:
    baseline = accepting((), comments=[COMMENT])
    assert baseline.accepted == (Accepted("a/b.py", "persona", ("f" * 16,)),)
    found = quiet_comment(COMMENT, (), baseline, TODAY)
    assert found is not None
    assert (found.by, found.comment) == ("baseline", COMMENT)
    other = Baseline("", (Accepted("a/b.py", "persona", ("0" * 16,)),))
    assert quiet_comment(COMMENT, (), other, TODAY) is None
