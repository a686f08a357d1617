"""The formats for programs: one line a finding, and the JSON contract against its schema."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from staff_review.nouns.findings import Comment, Finding, Gap, Review, Silenced
from staff_review.nouns.settings import Settings, Severity
from staff_review.report import Report, as_json, concise
from staff_review.report.tally import gap_lines, verdict_of

ReportOf = Callable[..., Report]
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "staff-review-1.json").read_text(encoding="utf-8"))


def written(report: Report) -> dict[str, Any]:
    stream = io.StringIO()
    as_json.render(report, stream)
    assert stream.getvalue().isascii()
    document: dict[str, Any] = json.loads(stream.getvalue())
    return document


def test_concise_is_one_line_a_finding(full_review: Review, report_of: ReportOf) -> None:
    stream = io.StringIO()
    concise.render(report_of(full_review), stream)
    lines = stream.getvalue().splitlines()
    assert len(lines) == len(full_review.findings)
    assert lines[0] == (
        "src/dispatch/plugins/dispatch_core/plugin.py:8:16: error missing-timeout: "
        "`requests.get` can wait for ever: requests has no limit of its own"
    )


def test_concise_keeps_a_nasty_name_on_its_line(full_review: Review, report_of: ReportOf) -> None:
    finding = full_review.findings[0]
    nasty = Review(gaps=(Gap("a\nb.py", 0, "unreadable"),), findings=(finding,))
    stream = io.StringIO()
    concise.render_summary(report_of(nasty), stream)
    assert stream.getvalue().splitlines()[0] == "not looked at: a?b.py: unreadable"


def test_the_summary_of_concise_says_what_the_lines_do_not(full_review: Review, report_of: ReportOf) -> None:
    stream = io.StringIO()
    concise.render_summary(report_of(full_review), stream)
    assert stream.getvalue().splitlines() == [
        "not looked at: src/broken.py:12: syntax error: this statement was not read",
        "not looked at: src/huge.py: larger than 1 MB",
        "`src/dispatch/old` is excluded by the settings.",
        "14 errors and 1 warning in 13 files; read 655 files, 48,210 lines, 2.8 s; 1 silenced, "
        "3 of low confidence and 12 in test code hidden, 2 gaps",
        "exit 1: 14 errors (fail-on = error)",
    ]


def test_gaps_that_differ_only_in_a_name_are_one_reason() -> None:
    gaps = tuple(Gap(f"{name}.tf", 1, f"the module `{name}` is not here") for name in "abcdef")
    assert gap_lines(gaps, 5) == [("6 alike", "the module `a` is not here, first a.tf")]


def test_concise_has_remarks_as_lines_and_says_how_the_asking_went(told_review: Review, report_of: ReportOf) -> None:
    lines, summary = io.StringIO(), io.StringIO()
    concise.render(report_of(told_review), lines)
    concise.render_summary(report_of(told_review), summary)
    assert lines.getvalue().splitlines()[-1] == (
        "src/dispatch/plugins/dispatch_jira/plugin.py:2:16: opinion backend-staff "
        "(minor, likely, persona:other): A `429` is counted as a failure."
    )
    assert "backend-staff (opinions, no part of the exit code): not complete" in summary.getvalue()


@pytest.mark.parametrize("name", ["full_review", "told_review", "clean_review", "faulty_review"])
def test_json_keeps_its_contract(name: str, report_of: ReportOf, request: pytest.FixtureRequest) -> None:
    document = written(report_of(request.getfixturevalue(name)))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)


def test_json_has_no_key_that_the_schema_does_not_describe(full_review: Review, report_of: ReportOf) -> None:
    document = written(report_of(full_review))
    described = SCHEMA["$defs"]["finding"]["properties"]
    assert list(document) == list(SCHEMA["properties"])
    assert all(list(finding) == list(described) for finding in document["findings"])
    assert set(document["silenced"][0]) - set(described) == {"by", "reason"}
    assert set(document["summary"]) == set(SCHEMA["$defs"]["summary"]["properties"])


def test_json_has_no_key_of_a_persona_that_the_schema_does_not_describe(
    told_review: Review, report_of: ReportOf
) -> None:
    document, described = written(report_of(told_review)), SCHEMA["$defs"]
    assert all(list(one) == list(described["comment"]["properties"]) for one in document["comments"])
    assert all(list(one) == list(described["verdict"]["properties"]) for one in document["verdicts"])
    assert list(document["architecture"]) == list(described["architecture"]["properties"])
    assert list(document["summary"]["persona"]) == list(described["persona"]["properties"])


def test_json_says_all_of_a_finding(full_review: Review, report_of: ReportOf) -> None:
    first = written(report_of(full_review))["findings"][0]
    assert (first["line"], first["end_line"], first["column"]) == (8, 8, 16)
    assert first["policy"] == {"limit": "none on the call, none on a session", "retry": "none"}
    assert first["trail"][0] == {"path": "src/dispatch/auth/views.py", "line": 41, "text": "POST /login"}


def test_json_carries_comments_and_survives_undecodable_names(full_review: Review, report_of: ReportOf) -> None:
    odd = Gap("src/\udcff.py", 0, "unreadable")
    remark = Comment(full_review.findings[0].place, "staff-engineer", "I would cache the keys first.")
    document = written(report_of(Review(comments=(remark,), gaps=(odd,))))
    jsonschema.validate(document, SCHEMA)
    assert document["comments"][0]["persona"] == "staff-engineer"
    assert document["gaps"][0]["path"] == "src/\udcff.py"


@pytest.mark.parametrize("broken", ["rule", "fingerprint", "severity"])
def test_the_schema_refuses_what_breaks_the_contract(full_review: Review, report_of: ReportOf, broken: str) -> None:
    document = written(report_of(full_review))
    document["findings"][0][broken] = "Not Allowed"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def graded(finding: Finding, severity: Severity) -> Finding:
    return msgspec.structs.replace(finding, severity=severity)


@pytest.mark.parametrize(
    ("severities", "fail_on", "code", "reason"),
    [
        ((), "note", 0, "nothing at or above note"),
        (("warning", "note"), "error", 0, "nothing at or above error"),
        (("error",), "error", 1, "1 error (fail-on = error)"),
        (("error", "warning", "warning", "note"), "warning", 1, "1 error and 2 warnings (fail-on = warning)"),
        (("note",), "note", 1, "1 note (fail-on = note)"),
    ],
)
def test_the_exit_code_follows_from_what_is_shown(
    full_review: Review, severities: tuple[Severity, ...], fail_on: Severity, code: int, reason: str
) -> None:
    review = Review(findings=tuple(graded(full_review.findings[0], severity) for severity in severities))
    verdict = verdict_of(review, fail_on)
    assert (verdict.code, verdict.reason) == (code, reason)


def test_silenced_findings_do_not_fail_a_run(full_review: Review) -> None:
    assert verdict_of(Review(silenced=(Silenced(full_review.findings[0], "comment"),)), "note").code == 0


def test_exit_zero_forgives_findings_and_no_fault_of_ours(full_review: Review, faulty_review: Review) -> None:
    assert verdict_of(full_review, "error", exit_zero=True).code == 0
    assert verdict_of(faulty_review, "error", exit_zero=True).code == 3


def test_many_gaps_are_counted_by_reason() -> None:
    gaps = tuple(Gap(f"src/{number}.py", 0, "larger than 1 MB" if number % 3 else "binary") for number in range(30))
    assert gap_lines(gaps, 5) == [
        ("20 times", "larger than 1 MB, first src/1.py"),
        ("10 times", "binary, first src/0.py"),
    ]


def test_settings_are_named_in_json(full_review: Review, report_of: ReportOf) -> None:
    summary = written(report_of(full_review, Settings(origin="pyproject.toml", fail_on="warning")))["summary"]
    assert (summary["settings"], summary["fail_on"], summary["exit_code"]) == ("pyproject.toml", "warning", 1)
