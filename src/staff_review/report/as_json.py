"""The stable contract for programs, `staff-review/1`; its schema is docs/schema/staff-review-1.json."""

from __future__ import annotations

import json
from typing import Any, TextIO

from ..nouns.findings import ArchitectureNote, Comment, Finding, Introduced, PersonaRun, Step, Verdict
from . import Report
from .map_change_json import changes_of
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
        "findings": [{**_finding(finding), "suggestion": _suggestion(report, finding)} for finding in review.findings],
        "silenced": [{**_finding(entry.finding), "by": entry.by, "reason": entry.reason} for entry in review.silenced],
        "comments": [_comment(comment) for comment in review.comments],
        "silenced_comments": [
            {**_comment(one.comment), "by": one.by, "reason": one.reason} for one in review.silenced_comments
        ],
        "verdicts": [_verdict(verdict) for verdict in review.verdicts],
        "architecture": _architecture(review.architecture) if review.architecture else None,
        "change": _change(report) if review.introduced else None,
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


def _change(report: Report) -> dict[str, Any]:
    """Against what the findings are new, and what else the change did."""
    change = report.review.introduced or Introduced("")
    caused = [
        {
            "fingerprint": finding.fingerprint,
            "elsewhere": finding.fingerprint in change.elsewhere,
            "because": [
                {"path": place.path, "line": place.line} for place in change.because.get(finding.fingerprint, ())
            ],
        }
        for finding in report.review.findings
    ]
    return {
        "commit": change.commit,
        "since": change.since,
        "staged": change.staged,
        "files": change.files,
        "linked": change.linked,
        "new": caused,
        "fixed": [_finding(finding) for finding in change.fixed],
        "known": change.known,
        "edges_new": sorted([one.source, one.target, one.protocol] for one in change.map.edges if one.added),
        "edges_gone": sorted([one.source, one.target, one.protocol] for one in change.map.edges if one.removed),
        "map": changes_of(change.map),
    }


def _suggestion(report: Report, finding: Finding) -> dict[str, Any] | None:
    wish = report.suggestions.get(finding.fingerprint)
    return {"first": wish.first, "last": wish.last, "lines": list(wish.lines)} if wish else None


def _step(step: Step) -> dict[str, Any]:
    return {"path": step.place.path, "line": step.place.line, "text": step.text}


def _comment(comment: Comment) -> dict[str, Any]:
    span = comment.place.span
    return {
        "path": comment.place.path,
        "line": span.line,
        "end_line": span.end_line,
        "persona": comment.persona,
        "text": comment.text,
        "topic": comment.topic,
        "weight": comment.weight,
        "certainty": comment.certainty,
        "quote": comment.quote,
        "scenario": comment.scenario,
        "fix": comment.fix,
        "unseen": comment.unseen,
        "unconfirmed": comment.unconfirmed,
        "hand_to": comment.hand_to,
        "beside": comment.beside,
        "fingerprint": comment.fingerprint,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    place = verdict.place
    return {
        "finding": verdict.finding,
        "persona": verdict.persona,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "quote": verdict.quote,
        "path": place.path if place else None,
        "line": place.line if place else None,
    }


def _architecture(note: ArchitectureNote) -> dict[str, Any]:
    return {
        "persona": note.persona,
        "text": note.text,
        "trade_offs": [{"choice": one.choice, "gains": one.gains, "costs": one.costs} for one in note.trade_offs],
        "alternatives": list(note.alternatives),
        "edges": [list(edge) for edge in note.edges],
        "hand_to": note.hand_to,
    }


def _persona(run: PersonaRun) -> dict[str, Any]:
    return {
        "persona": run.persona,
        "state": run.state,
        "reason": run.reason,
        "model": run.model,
        "host": run.host,
        "units": run.units,
        "done": run.done,
        "remembered": run.remembered,
        "model_requests": run.spent.requests,
        "input_tokens": run.spent.input_tokens,
        "cached_tokens": run.spent.cached_tokens,
        "output_tokens": run.spent.output_tokens,
        "models": dict(run.spent.models),
        "requests_lost": run.spent.lost,
        "usd": run.spent.usd,
        "seconds": round(run.seconds, 1),
        "hidden_values": run.hidden_values,
        "hidden_files": run.hidden_files,
        "said": run.said,
        "dropped": [
            {"path": one.path, "line": one.line, "text": one.text, "reason": one.reason} for one in run.dropped
        ],
        "steering": [{"path": place.path, "line": place.line} for place in run.steering],
    }


def _summary(report: Report) -> dict[str, Any]:
    review, figures = report.review, report.review.figures
    return {
        "version": report.version,
        "settings": report.settings.origin,
        "settings_files": list(report.settings.files),
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
        "persona": _persona(review.persona) if review.persona else None,
        "fail_on": report.settings.fail_on,
        "exit_code": report.verdict.code,
    }
