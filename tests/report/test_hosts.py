"""The formats of other hosts, each against the schema of what it reads: GitLab, JUnit, reviewdog; and our own lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
from drawing import compare, drawn
from referencing import Registry, Resource

from staff_review.nouns.findings import Fault, Review
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place, Span
from staff_review.report import Checkout, Report

SCHEMAS = Path(__file__).parent / "schemas"
OURS = Path(__file__).parents[2] / "docs" / "schema"
REVIEWS = ["full_review", "told_review", "clean_review", "faulty_review"]


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def junit_schema() -> xmlschema.XMLSchema:
    """Jenkins' schema with the two attributes that GitLab, CircleCI and others read of a case."""
    text = (SCHEMAS / "junit-10.xsd").read_text(encoding="utf-8")
    before = '<xs:attribute name="classname" type="xs:string"/>'
    assert text.count(before) == 1
    both = "".join(f'<xs:attribute name="{name}" type="xs:string"/>' for name in ("file", "line"))
    return xmlschema.XMLSchema(text.replace(before, before + both))


@pytest.fixture
def report(request: pytest.FixtureRequest, report_of: Any) -> Report:
    return report_of(request.getfixturevalue(request.param))  # type: ignore[no-any-return]


@pytest.mark.parametrize("report", REVIEWS, indirect=True)
@pytest.mark.parametrize(("form", "schema"), [("gitlab", "gitlab-code-quality"), ("rdjson", "rdjson")])
def test_the_schema_of_the_host_holds(form: str, schema: str, report: Report) -> None:
    jsonschema.Draft202012Validator(loaded(SCHEMAS / f"{schema}.json")).validate(json.loads(drawn(form, report)))


@pytest.mark.parametrize("report", REVIEWS, indirect=True)
def test_junit_is_what_jenkins_takes(report: Report) -> None:
    junit_schema().validate(drawn("junit", report))


@pytest.mark.parametrize("report", REVIEWS, indirect=True)
def test_each_line_keeps_our_contract(report: Report) -> None:
    contract = Resource.from_contents(loaded(OURS / "staff-review-1.json"))
    registry: Any = Registry().with_resource("staff-review-1.json", contract)
    schema = loaded(OURS / "staff-review-lines-1.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, registry=registry)
    entries = [json.loads(line) for line in drawn("jsonl", report).splitlines()]
    for entry in entries:
        validator.validate(entry)
    assert [entries[0]["kind"], entries[-1]["kind"]] == ["start", "summary"]
    assert sum(entry["kind"] == "finding" for entry in entries) == len(report.review.findings)


@pytest.mark.parametrize("broken", [{"kind": "finding"}, {"kind": "other"}, {"kind": "start"}, {"schema": "x"}])
def test_the_contract_of_a_line_refuses_others(broken: dict[str, str]) -> None:
    contract = Resource.from_contents(loaded(OURS / "staff-review-1.json"))
    registry: Any = Registry().with_resource("staff-review-1.json", contract)
    validator = jsonschema.Draft202012Validator(loaded(OURS / "staff-review-lines-1.json"), registry=registry)
    assert not validator.is_valid(broken)


@pytest.mark.parametrize(
    ("form", "ending"), [("gitlab", "json"), ("junit", "xml"), ("rdjson", "json"), ("jsonl", "jsonl")]
)
def test_a_whole_file(form: str, ending: str, told_report: Report) -> None:
    few = msgspec.structs.replace(told_report.review, findings=told_report.review.findings[:3])
    compare(form, drawn(form, msgspec.structs.replace(told_report, review=few)), ending)


def test_gitlab_merges_nothing_and_gets_paths_of_the_repository(told_report: Report) -> None:
    below = msgspec.structs.replace(told_report, checkout=Checkout(prefix="services/auth/"))
    entries = json.loads(drawn("gitlab", below))
    review = told_report.review
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert len(entries) == len(review.findings) + len(review.comments) + len(review.gaps)
    assert all(entry["location"]["path"].startswith("services/auth/src/") for entry in entries)


def test_gitlab_is_told_of_our_own_fault(faulty_review: Review, report_of: Any) -> None:
    first = json.loads(drawn("gitlab", report_of(faulty_review)))[0]
    assert (first["check_name"], first["severity"]) == ("fault-of-staff-review", "blocker")


@pytest.mark.parametrize(
    ("fail_on", "failures", "skipped"), [("error", 14, 1 + 2), ("warning", 15, 0 + 2), ("note", 15, 0 + 2)]
)
def test_junit_fails_what_fails_the_run(
    full_review: Review, report_of: Any, fail_on: Any, failures: int, skipped: int
) -> None:
    root = ET.fromstring(drawn("junit", report_of(full_review, Settings(fail_on=fail_on))))
    assert root.get("failures") == str(failures) == str(len(root.findall(".//failure")))
    assert sum(int(suite.get("skipped", "0")) for suite in root) == skipped


def test_junit_has_no_two_cases_of_one_name(full_review: Review, report_of: Any) -> None:
    root = ET.fromstring(drawn("junit", report_of(full_review)))
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(cases) == len(set(cases)) == len(full_review.findings) + len(full_review.gaps)


def test_a_clean_run_is_a_case_that_passed(clean_review: Review, report_of: Any) -> None:
    root = ET.fromstring(drawn("junit", report_of(clean_review)))
    (case,) = root.iter("testcase")
    assert (case.get("name"), len(case)) == ("no findings in 12 files", 0)


def test_our_own_fault_is_an_error_of_junit(faulty_review: Review, report_of: Any) -> None:
    root = ET.fromstring(drawn("junit", report_of(faulty_review)))
    assert [error.get("message") for error in root.iter("error")] == ["KeyError: 'x'"]


def test_reviewdog_counts_bytes(told_report: Report) -> None:
    path = told_report.review.findings[0].place.path
    line = told_report.sources[path][9]
    column = line.index("headers=") + 1
    assert "日本語" in line[:column]
    place = Place(path, Span(10, column, 10, column + 7))
    finding = msgspec.structs.replace(told_report.review.findings[0], place=place)
    report = msgspec.structs.replace(told_report, review=Review(findings=(finding,)))
    span = json.loads(drawn("rdjson", report))["diagnostics"][0]["location"]["range"]
    data = line.encode()
    assert data[span["start"]["column"] - 1 : span["end"]["column"] - 1] == b"headers"


def test_reviewdog_gets_the_trail_and_the_page_of_the_rule(told_report: Report) -> None:
    first = json.loads(drawn("rdjson", told_report))["diagnostics"][0]
    assert first["code"] == {"value": "missing-timeout", "url": "https://example.org/timeouts"}
    assert first["related_locations"][0]["message"] == "POST /login"


def test_faults_reach_every_host(faulty_review: Review, report_of: Any) -> None:
    report = report_of(msgspec.structs.replace(faulty_review, faults=(Fault("call-in-loop", "KeyError: 'x'"),)))
    for form in ("gitlab", "rdjson", "junit", "jsonl", "sarif", "github", "markdown", "html", "full", "json"):
        assert "call-in-loop" in drawn(form, report), form
