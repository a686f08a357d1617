"""Annotations for GitHub Actions: escaped, ranked, capped, and nothing in the log taken for a command."""

from __future__ import annotations

import io
import re
from collections import Counter

import msgspec
import pytest
from drawing import compare, drawn
from hypothesis import given
from hypothesis import strategies as st

from staff_review.nouns.findings import Fault, Review
from staff_review.nouns.settings import Severity
from staff_review.report import Report, github
from staff_review.report.github import MOST, annotations_of, escaped_message, escaped_property

ANNOTATION = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\n]*,)*title=[^,:\n]*)::([^\n]*)")


def unescaped(text: str, codes: dict[str, str]) -> str:
    """As the runner reads it: each code once, the percent sign last."""
    for code, character in codes.items():
        text = text.replace(code, character)
    return text.replace("%25", "%")


@given(st.text())
def test_what_is_escaped_is_read_as_it_was(text: str) -> None:
    assert unescaped(escaped_message(text), {"%0D": "\r", "%0A": "\n"}) == text
    assert unescaped(escaped_property(text), {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}) == text


@given(st.text())
def test_what_is_escaped_stays_in_its_place(text: str) -> None:
    assert not set("\r\n") & set(escaped_message(text))
    assert not set("\r\n:,") & set(escaped_property(text))


def graded(report: Report, **numbers: int) -> Report:
    """A report with so many findings of each severity, the gravest last."""
    finding = report.review.findings[0]
    severities: list[Severity] = [
        severity for severity in ("note", "warning", "error") for _ in range(numbers.get(severity, 0))
    ]
    findings = tuple(msgspec.structs.replace(finding, severity=severity) for severity in severities)
    return msgspec.structs.replace(report, review=Review(findings=findings))


def test_the_whole_log(told_report: Report) -> None:
    compare("github", drawn("github", told_report))


def test_every_annotation_can_be_read(told_report: Report) -> None:
    log = drawn("github", told_report)
    annotations = log.split("::endgroup::\n")[1].splitlines()
    assert annotations
    assert all(ANNOTATION.fullmatch(line) for line in annotations)
    named = dict(part.split("=") for part in ANNOTATION.fullmatch(annotations[0])[2].split(","))  # type: ignore[index]
    place = told_report.review.findings[0].place
    assert named == {
        "file": place.path, "line": "8", "endLine": "8", "col": "16", "endColumn": "28", "title": "missing-timeout",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "shown", "said"),
    [
        ({"error": 10, "warning": 10, "note": 10}, {"error": 10, "warning": 10, "notice": 10}, ""),
        ({"error": 11}, {"error": 10, "notice": 1}, "10 of 11 errors"),
        ({"error": 30, "warning": 12, "note": 10}, {"error": 10, "warning": 10, "notice": 10},
         "10 of 30 errors, 10 of 12 warnings and 9 of 10 notices"),
        ({"note": 40}, {"notice": 10}, "9 of 40 notices"),
    ],
)  # fmt: skip
def test_the_cap_is_kept_and_said(
    told_report: Report, numbers: dict[str, int], shown: dict[str, int], said: str
) -> None:
    annotations = annotations_of(graded(told_report, **numbers))
    assert Counter(one.command for one in annotations) == shown
    assert all(count <= MOST for count in shown.values())
    word = f"GitHub shows {said} of this step. The log of the step has them all."
    assert (annotations[-1].message == word) is bool(said)


def test_the_surest_come_first(told_report: Report) -> None:
    report = graded(told_report, error=12)
    sure = msgspec.structs.replace(report.review.findings[0], rule="the-surest", confidence="high")
    others = [msgspec.structs.replace(finding, confidence="medium") for finding in report.review.findings]
    review = msgspec.structs.replace(report.review, findings=(*others, sure))
    assert annotations_of(msgspec.structs.replace(report, review=review))[0].title == "the-surest"


def test_our_own_fault_is_the_first_error(told_report: Report) -> None:
    review = msgspec.structs.replace(told_report.review, faults=(Fault("call-in-loop", "KeyError: 'x'"),))
    first = annotations_of(msgspec.structs.replace(told_report, review=review))[0]
    assert (first.command, first.title) == ("error", "staff-review")
    assert "call-in-loop failed" in first.message


def test_nothing_in_the_log_ends_its_guard(told_report: Report) -> None:
    lines = drawn("github", told_report).splitlines()
    guard = lines[1].removeprefix("::stop-commands::")
    assert lines[1] != guard
    assert re.fullmatch("[0-9a-f]{64}", guard)
    assert [number for number, line in enumerate(lines) if guard in line] == [1, lines.index("::endgroup::") - 1]


def test_another_text_has_another_guard(told_report: Report) -> None:
    guards = {drawn("github", graded(told_report, error=number)).splitlines()[1] for number in range(3)}
    assert len(guards) == 3


def test_the_summary_is_below_githubs_limit(told_report: Report) -> None:
    stream = io.StringIO()
    github.render_summary(graded(told_report, error=5_000), stream)
    text = stream.getvalue()
    assert len(text.encode()) < 2**20
    assert "and 4,500 more" in text
