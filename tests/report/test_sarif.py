"""SARIF against its schema, and what GitHub asks of it besides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from drawing import compare, drawn

from staff_review.nouns.findings import Fault, Finding, Review
from staff_review.nouns.source import Place, Span
from staff_review.report import Checkout, Report, sarif
from staff_review.report.places import uri_of

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(drawn("sarif", report))
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    assert len(log["runs"]) == 1
    run: dict[str, Any] = log["runs"][0]
    return run


def with_finding(report: Report, **more: Any) -> Report:
    finding = msgspec.structs.replace(report.review.findings[0], **more)
    return msgspec.structs.replace(report, review=Review(findings=(finding,)))


def test_a_whole_log(told_report: Report) -> None:
    few = msgspec.structs.replace(told_report.review, findings=told_report.review.findings[:3])
    compare("sarif", drawn("sarif", msgspec.structs.replace(told_report, review=few)), "json")


@pytest.mark.parametrize("name", ["full_review", "told_review", "clean_review", "faulty_review"])
def test_the_schema_holds(name: str, report_of: Any, request: pytest.FixtureRequest) -> None:
    run_of(report_of(request.getfixturevalue(name)))


def test_what_github_requires(told_report: Report) -> None:
    run = run_of(told_report)
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 10
        assert "security-severity" not in rule["properties"]
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1
        assert region["startLine"] == region["endLine"]
        assert region["startColumn"] < region["endColumn"]
        assert "suppressions" not in result


def test_silenced_findings_are_left_out(told_report: Report) -> None:
    silenced = told_report.review.silenced[0].finding
    only = msgspec.structs.replace(told_report.review, findings=())
    assert only.silenced
    assert not run_of(msgspec.structs.replace(told_report, review=only))["results"]
    assert silenced.fingerprint not in drawn("sarif", msgspec.structs.replace(told_report, review=only))


def test_fingerprints_are_githubs_own_and_ours(told_report: Report) -> None:
    first, *_, without_source = run_of(told_report)["results"]
    prints = first["partialFingerprints"]
    assert prints["staffReview/v1"] == told_report.review.findings[0].fingerprint
    assert prints["primaryLocationLineHash"].endswith(":1")
    assert "primaryLocationLineHash" not in without_source["partialFingerprints"]


def test_a_span_over_several_lines_is_cut_to_its_first(told_report: Report) -> None:
    path = told_report.review.findings[0].place.path
    report = with_finding(told_report, place=Place(path, Span(8, 16, 12, 3)))
    line = report.sources[path][7]
    region = run_of(report)["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 8, "startColumn": 16, "endLine": 8, "endColumn": len(line) + 1}


def test_a_trail_is_a_code_flow_and_one_step_is_none(told_report: Report) -> None:
    first, second = run_of(told_report)["results"][:2]
    steps = first["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "POST /login", "get_current_user", "PKCEAuthProviderPlugin.get_current_user",
    ]  # fmt: skip
    assert "codeFlows" not in second


def test_the_gravest_has_the_highest_rank(told_report: Report) -> None:
    error, warning, *_ = run_of(told_report)["results"]
    assert 0 <= warning["rank"] < error["rank"] <= 100


def test_paths_are_those_of_the_repository(told_report: Report) -> None:
    below = msgspec.structs.replace(told_report, checkout=Checkout(prefix="services/auth/"))
    location = run_of(below)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": f"services/auth/{told_report.review.findings[0].place.path}", "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a.py", "src/a.py"),
        ("src/a b#c?.py", "src/a%20b%23c%3F.py"),
        ("100%/a:b.py", "100%25/a%3Ab.py"),
        ("src/größe.py", "src/gr%C3%B6%C3%9Fe.py"),
        ("src/\udcff.py", "src/%FF.py"),
        ("src/\ud800.py", "src/%3F.py"),
        ("/srv/a.py", "file:///srv/a.py"),
    ],
)
def test_a_path_is_a_uri(path: str, uri: str) -> None:
    assert uri_of(path) == uri


def test_gaps_faults_and_notices_are_notifications(told_report: Report) -> None:
    review = msgspec.structs.replace(told_report.review, faults=(Fault("call-in-loop", "KeyError: 'x'"),))
    invocation = run_of(msgspec.structs.replace(told_report, review=review))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    told = [(one["descriptor"]["id"], one["level"]) for one in invocation["toolExecutionNotifications"]]
    assert told == [("fault", "error"), ("notice", "note"), ("gap", "warning"), ("gap", "warning")]


def test_a_link_in_a_message_is_no_link(told_report: Report) -> None:
    report = with_finding(told_report, message="read [this](https://example.org/evil)")
    assert "](" not in run_of(report)["results"][0]["message"]["text"]


def test_no_more_results_than_github_takes(told_report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    run = run_of(told_report)
    shown = [result["ruleId"] for result in run["results"]]
    left_out = len(told_report.review.findings) - 4
    assert len(shown) == 4
    assert "uncached-remote-config" not in shown
    notices = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert f"{left_out} findings left out: a SARIF run holds at most 4." in notices


def test_opinions_are_no_results(told_report: Report) -> None:
    run = run_of(told_report)
    assert len(run["results"]) == len(told_report.review.findings)
    assert [one["opinion of"] for one in run["properties"]["comments"]] == ["backend-staff"] * 2
    assert "not complete" in run["properties"]["persona"]


def test_a_rule_of_which_only_findings_tell(full_review: Review, report_of: Any) -> None:
    finding: Finding = full_review.findings[0]
    rules = run_of(report_of(Review(findings=(finding,))))["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["fullDescription"]["text"]) for rule in rules] == [(finding.rule, finding.why)]
