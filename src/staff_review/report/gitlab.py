"""GitLab Code Quality: a JSON array for the widget of a merge request, in the part of Code Climate that it reads."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TextIO

from ..nouns.findings import Comment, Fault, Finding, Gap
from ..nouns.settings import Severity
from . import Report
from .look import clean
from .places import in_repository
from .remarks import title_of

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "major", "note": "minor"}


def render(report: Report, stream: TextIO) -> None:
    """Write the array; what is no finding (remarks, gaps, faults of ours) is in it too, under names of its own."""
    review, prefix = report.review, report.checkout.prefix
    entries = [
        *(_fault(fault) for fault in review.faults),
        *(_finding(finding, prefix) for finding in review.findings),
        *(_comment(comment, prefix) for comment in review.comments),
        *(_gap(gap, prefix) for gap in review.gaps),
    ]
    stream.write(json.dumps(entries, indent=2) + "\n")


def _finding(finding: Finding, prefix: str) -> dict[str, Any]:
    path = in_repository(finding.place.path, prefix)
    severity = _SEVERITIES[finding.severity]
    return _entry(finding.rule, severity, finding.message, path, finding.place.line, finding.fingerprint)


def _comment(comment: Comment, prefix: str) -> dict[str, Any]:
    path = in_repository(comment.place.path, prefix)
    text = f"{title_of(comment)}. {comment.text}"
    return _entry("opinion", "info", text, path, comment.place.line, comment.fingerprint)


def _gap(gap: Gap, prefix: str) -> dict[str, Any]:
    path = in_repository(gap.path, prefix)
    return _entry("not-looked-at", "info", f"Not looked at: {gap.reason}", path, max(1, gap.line))


def _fault(fault: Fault) -> dict[str, Any]:
    text = f"A part of staff-review failed, and its findings are missing: {fault.check}: {fault.error}"
    return _entry("fault-of-staff-review", "blocker", text, ".", 1)


def _entry(name: str, severity: str, text: str, path: str, line: int, fingerprint: str = "") -> dict[str, Any]:
    # GitLab merges entries with equal fingerprints, so what has none of its own is known by what it says.
    said = f"{name}\0{path}\0{line}\0{text}".encode("utf-8", "surrogatepass")
    return {
        "description": clean(text),
        "check_name": name,
        "fingerprint": fingerprint or hashlib.sha256(said).hexdigest()[:16],
        "severity": severity,
        "location": {"path": clean(path), "lines": {"begin": line}},
    }
