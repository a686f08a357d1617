"""SARIF 2.1.0, as GitHub code scanning reads it: one-line regions, its own fingerprints, trails as code flows.

What somebody asked not to see is left out: GitHub shows a suppressed result as an open alert.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from ..nouns.findings import Comment, Finding, Review
from ..nouns.rulebook import Rule
from ..nouns.source import Place, Span
from . import Report
from .line_hash import line_hashes
from .look import clean
from .places import columns_of, in_repository, lines_of, uri_of
from .ranking import rank_of, ranked
from .remarks import rows_of, run_line, title_of
from .rule_help import help_markdown, help_text, rules_of
from .tally import counted

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a file with more results in a run than this."""

_BASE = "%SRCROOT%"
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def render(report: Report, stream: TextIO) -> None:
    """Write one SARIF log with one run."""
    stream.write(json.dumps(document_of(report), indent=2) + "\n")


def document_of(report: Report) -> dict[str, Any]:
    """The log as plain data."""
    review, pointer = report.review, _Pointer(report)
    rules = rules_of(report)
    findings = _within_limit(review.findings)
    run = {
        "tool": {"driver": _driver(report, rules)},
        "invocations": [_invocation(report, pointer, len(review.findings) - len(findings))],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
        "results": _results(findings, list(rules), pointer),
    }
    properties: dict[str, Any] = {}
    if review.comments:
        properties["comments"] = [_comment(comment, pointer) for comment in review.comments]
    if review.persona is not None:
        properties["persona"] = clean(run_line(review.persona))
    if properties:
        run["properties"] = properties
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _within_limit(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if len(findings) <= MOST_RESULTS:
        return findings
    kept = {id(finding) for finding in ranked(findings)[:MOST_RESULTS]}
    return tuple(finding for finding in findings if id(finding) in kept)


def _driver(report: Report, rules: Mapping[str, Rule]) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": "staff-review"}
    if report.version:
        driver["version"] = report.version
    driver["rules"] = [_rule(rule) for rule in rules.values()]
    return driver


def _rule(rule: Rule) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": help_text(rule), "markdown": help_markdown(rule)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "tags": ["reliability", *filter(None, [rule.family, rule.standard])],
            "precision": rule.confidence,
            "problem.severity": _PROBLEM[rule.severity],
        },
    }
    if rule.references:
        described["helpUri"] = rule.references[0]
    return described


def _results(findings: tuple[Finding, ...], rules: list[str], pointer: _Pointer) -> list[dict[str, Any]]:
    index = {name: number for number, name in enumerate(rules)}
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        wanted.setdefault(finding.place.path, set()).add(finding.place.line)
    hashes = {path: line_hashes(pointer.lines(path), lines) for path, lines in wanted.items()}
    return [
        _result(finding, index[finding.rule], hashes[finding.place.path].get(finding.place.line), pointer)
        for finding in findings
    ]


def _result(finding: Finding, index: int, line_hash: str | None, pointer: _Pointer) -> dict[str, Any]:
    fingerprints = {"primaryLocationLineHash": line_hash} if line_hash else {}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "rank": rank_of(finding),
        "message": {"text": _plain(f"{_sentence(finding.message)}\n\nInstead: {finding.instead}")},
        "locations": [pointer.location(finding.place)],
        "partialFingerprints": {**fingerprints, "staffReview/v1": finding.fingerprint},
    }
    if len(finding.trail) > 1:
        steps = [{"location": pointer.location(step.place, step.text)} for step in finding.trail]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    fix = pointer.fix(finding)
    if fix:
        result["fixes"] = [fix]
    result["properties"] = {"confidence": finding.confidence, "family": finding.family}
    if finding.policy:
        result["properties"]["policy"] = {name: clean(text) for name, text in finding.policy.items()}
    return result


class _Pointer:
    """Points into files as SARIF does; each file is read once."""

    def __init__(self, report: Report) -> None:
        self._prefix = report.checkout.prefix
        self._suggestions = report.suggestions
        self.lines = lines_of(report.sources)

    def location(self, place: Place, text: str = "") -> dict[str, Any]:
        """A span of a file, on one line, and what happens there."""
        physical = {"artifactLocation": self.artifact(place.path), "region": self.region(place)}
        return {"physicalLocation": physical, **({"message": {"text": _plain(text)}} if text else {})}

    def fix(self, finding: Finding) -> dict[str, Any]:
        """The safe fix of a finding as whole lines in the place of whole lines; empty if none is known."""
        wish = self._suggestions.get(finding.fingerprint)
        lines = self.lines(finding.place.path)
        if wish is None or wish.last > len(lines):
            return {}
        end = len(lines[wish.last - 1].rstrip("\r\n")) + 1
        replacement = {
            "deletedRegion": {"startLine": wish.first, "startColumn": 1, "endLine": wish.last, "endColumn": end},
            "insertedContent": {"text": "\n".join(wish.lines)},
        }
        change = {"artifactLocation": self.artifact(finding.place.path), "replacements": [replacement]}
        return {"description": {"text": _plain(finding.instead)}, "artifactChanges": [change]}

    def artifact(self, path: str) -> dict[str, str]:
        """A file, from the root of the repository."""
        uri = uri_of(in_repository(path, self._prefix))
        return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _BASE}

    def region(self, place: Place) -> dict[str, int]:
        """The first line of the span: GitHub shows an alert in a pull request only if all its lines are in the diff."""
        start, end = columns_of(place.span, self.lines(place.path))
        return {"startLine": place.line, "startColumn": start, "endLine": place.line, "endColumn": end}


def _invocation(report: Report, pointer: _Pointer, left_out: int) -> dict[str, Any]:
    review = report.review
    notices = list(review.notices)
    if left_out:
        notices.append(f"{counted(left_out, 'finding')} left out: a SARIF run holds at most {MOST_RESULTS:,}.")
    return {
        "executionSuccessful": not review.faults,
        "exitCode": report.verdict.code,
        "exitCodeDescription": report.verdict.reason,
        "toolExecutionNotifications": [
            *_faults(review),
            *(_notification("notice", "note", notice) for notice in notices),
            *_gaps(review, pointer),
        ],
    }


def _faults(review: Review) -> Iterable[dict[str, Any]]:
    for fault in review.faults:
        yield _notification("fault", "error", f"{fault.check} failed, and its findings are missing: {fault.error}")


def _gaps(review: Review, pointer: _Pointer) -> Iterable[dict[str, Any]]:
    for gap in review.gaps:
        physical: dict[str, Any] = {"artifactLocation": pointer.artifact(gap.path)}
        if gap.line:
            physical["region"] = pointer.region(Place(gap.path, Span(gap.line, 1, gap.line, 1)))
        notification = _notification("gap", "warning", f"Not looked at: {_sentence(gap.reason)}")
        yield {**notification, "locations": [{"physicalLocation": physical}]}


def _notification(kind: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": _plain(text)}}


def _comment(comment: Comment, pointer: _Pointer) -> dict[str, Any]:
    return {
        "opinion of": clean(comment.persona),
        "title": clean(title_of(comment)),
        "text": clean(comment.text),
        **{label: clean(text) for label, text in rows_of(comment)},
        "location": pointer.location(comment.place),
    }


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _plain(text: str) -> str:
    """A text for `message.text`: without control characters, and with nothing that reads as a link to somewhere."""
    lines = (clean(line) for line in text.split("\n"))
    return "\n".join(lines).replace("](", "] (")
