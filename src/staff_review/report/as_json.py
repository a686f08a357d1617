"""The stable contract for programs, `staff-review/1`; its schema is docs/schema/staff-review-1.json."""

from __future__ import annotations

import json
from typing import Any, TextIO

from ..findings import Finding, Step
from . import Report
from .tally import by_severity

SCHEMA = "staff-review/1"


def render(report: Report, stream: TextIO) -> None:
    """Write one JSON object, in ASCII so that no encoding and no odd file name can break it."""
    stream.write(json.dumps(document_of(report), indent=2) + "\n")


def document_of(report: Report) -> dict[str, Any]:
    """The review as plain data, keys in the order of the contract."""
    review = report.review
    return {
        "schema": SCHEMA,
        "findings": [_finding(finding) for finding in review.findings],
        "silenced": [{**_finding(entry.finding), "by": entry.by, "reason": entry.reason} for entry in review.silenced],
        "comments": [
            {"path": comment.place.path, "line": comment.place.line, "persona": comment.persona, "text": comment.text}
            for comment in review.comments
        ],
        "gaps": [{"path": gap.path, "line": gap.line, "reason": gap.reason} for gap in review.gaps],
        "summary": _summary(report),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.place.span
    return {
        "rule": finding.rule,
        "family": finding.family,
        "path": finding.place.path,
        "line": span.line,
        "end_line": span.end_line,
        "column": span.column,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "why": finding.why,
        "instead": finding.instead,
        "fingerprint": finding.fingerprint,
        "trail": [_step(step) for step in finding.trail],
        "policy": dict(finding.policy),
    }


def _step(step: Step) -> dict[str, Any]:
    return {"path": step.place.path, "line": step.place.line, "text": step.text}


def _summary(report: Report) -> dict[str, Any]:
    review, figures = report.review, report.review.figures
    return {
        "version": report.version,
        "settings": report.settings.origin,
        "files": figures.files,
        "parsed": figures.parsed,
        "cached": figures.cached,
        "lines": figures.lines,
        "seconds": round(figures.seconds, 3),
        "findings": by_severity(review),
        "silenced": len(review.silenced),
        "hidden": dict(review.hidden),
        "gaps": len(review.gaps),
        "faults": [{"check": fault.check, "error": fault.error} for fault in review.faults],
        "notices": list(review.notices),
        "fail_on": report.settings.fail_on,
        "exit_code": report.verdict.code,
    }
