"""reviewdog's diagnostic format, which it carries to a dozen code hosts; columns count bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from ..nouns.findings import Comment, Finding, Gap, Suggestion
from ..nouns.settings import Severity
from ..nouns.source import Place
from . import Report
from .look import clean
from .places import byte_column, lines_of
from .remarks import doubts, in_words, said_of, title_of

_SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(report: Report, stream: TextIO) -> None:
    """Write one DiagnosticResult; remarks, gaps and faults of ours are diagnostics with a code of their own."""
    stream.write(json.dumps(document_of(report), indent=2) + "\n")


def document_of(report: Report) -> dict[str, Any]:
    """The result as plain data."""
    review, lines, beside = report.review, lines_of(report.sources), doubts(report.review)
    diagnostics = [
        *(
            _finding(finding, report, lines, [said_of(one) for one in beside.get(finding.fingerprint, ())])
            for finding in review.findings
        ),
        *(_comment(comment, lines) for comment in review.comments),
        *(_gap(gap) for gap in review.gaps),
        *(
            _diagnostic("fault", "ERROR", f"{fault.check} failed, and its findings are missing: {fault.error}")
            for fault in review.faults
        ),
    ]
    return {"source": {"name": "staff-review"}, "diagnostics": diagnostics}


def _finding(
    finding: Finding, report: Report, lines: Callable[[str], Sequence[str]], said: list[str]
) -> dict[str, Any]:
    text = "\n".join([finding.message, f"Instead: {finding.instead}", *said])
    diagnostic = _diagnostic(finding.rule, _SEVERITIES[finding.severity], text, _location(finding.place, lines))
    rule = report.rules.get(finding.rule)
    if rule is not None and rule.references:
        diagnostic["code"]["url"] = rule.references[0]
    suggestion = report.suggestions.get(finding.fingerprint)
    if suggestion is not None:
        diagnostic["suggestions"] = [_suggestion(suggestion)]
    if len(finding.trail) > 1:
        diagnostic["related_locations"] = [
            {"message": clean(step.text), "location": _location(step.place, lines)} for step in finding.trail
        ]
    return diagnostic


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    """A fix; a range without columns is whole lines, the last one included."""
    lines = {"start": {"line": suggestion.first}, "end": {"line": suggestion.last}}
    return {"range": lines, "text": "\n".join(suggestion.lines)}


def _comment(comment: Comment, lines: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    text = f"{title_of(comment)}\n{in_words(comment)}"
    return _diagnostic("opinion", "INFO", text, _location(comment.place, lines))


def _gap(gap: Gap) -> dict[str, Any]:
    location: dict[str, Any] = {"path": clean(gap.path)}
    if gap.line:
        location["range"] = {"start": {"line": gap.line}}
    return _diagnostic("not-looked-at", "INFO", f"Not looked at: {gap.reason}", location)


def _diagnostic(code: str, severity: str, text: str, location: dict[str, Any] | None = None) -> dict[str, Any]:
    message = "\n".join(clean(line) for line in text.split("\n"))
    return {"message": message, "location": location or {"path": "."}, "severity": severity, "code": {"value": code}}


def _location(place: Place, lines: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    span, known = place.span, lines(place.path)
    ends = ("start", span.line, span.column), ("end", span.end_line, span.end_column)
    positions = {
        name: {"line": line, "column": byte_column(known[line - 1] if line <= len(known) else "", column)}
        for name, line, column in ends
    }
    return {"path": clean(place.path), "range": positions}
