"""A report as `--format json` wrote it → what it says. Whoever made it may be hostile: it is checked as a whole."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeAlias

import msgspec

from ..nouns.errors import UsageError
from ..nouns.findings import (
    Certainty,
    Comment,
    Fault,
    Figures,
    Finding,
    Gap,
    Introduced,
    Review,
    Silenced,
    Step,
    Suggestion,
    Verdict,
    Weight,
)
from ..nouns.settings import Confidence, Severity
from ..nouns.source import Place, Span

LARGEST = 16_000_000
"""Bytes of a report that are read."""

_SCHEMA = "staff-review/1"
_Short: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
_Path: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
_Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=4_000)]
_Rule: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=100)]
_Print: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]
_AnyPrint: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{16})?\Z")]
_Line: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
_Few = msgspec.Meta(max_length=1_000)
_Many = msgspec.Meta(max_length=20_000)


class _Step(msgspec.Struct):
    path: _Path
    line: _Line
    text: _Text


class _Suggestion(msgspec.Struct):
    first: _Line
    last: _Line
    lines: Annotated[list[_Text], msgspec.Meta(max_length=100)]


class _Finding(msgspec.Struct):
    rule: _Rule
    family: _Short
    path: _Path
    line: _Line
    end_line: _Line
    column: _Line
    severity: Severity
    confidence: Confidence
    message: _Text
    why: _Text
    instead: _Text
    fingerprint: _Print
    trail: Annotated[list[_Step], _Few] = []
    policy: dict[_Short, _Text] = {}
    suggestion: _Suggestion | None = None


class _Silenced(_Finding):
    by: _Short = ""
    reason: _Text = ""


class _Comment(msgspec.Struct):
    path: _Path
    line: _Line
    persona: _Short
    text: _Text
    end_line: _Line = 1
    topic: _Short = "other"
    weight: Weight = "minor"
    certainty: Certainty = "likely"
    quote: _Text = ""
    scenario: _Text = ""
    fix: _Text = ""
    unseen: _Text = ""
    unconfirmed: _Text = ""
    hand_to: _Text = ""
    beside: _AnyPrint = ""
    fingerprint: _AnyPrint = ""


class _Verdict(msgspec.Struct):
    finding: _Print
    persona: _Short
    verdict: Annotated[str, msgspec.Meta(pattern=r"^(confirmed|doubtful)\Z")]
    reason: _Text


class _Gap(msgspec.Struct):
    path: _Path
    line: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    reason: _Text


class _Fault(msgspec.Struct):
    check: _Short
    error: _Text


class _Where(msgspec.Struct):
    path: _Path
    line: _Line


class _New(msgspec.Struct):
    fingerprint: _Print
    elsewhere: bool = False
    because: Annotated[list[_Where], _Few] = []


class _Change(msgspec.Struct):
    commit: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
    since: _Short = ""
    staged: bool = False
    files: _Count = 0
    new: Annotated[list[_New], _Many] = []
    fixed: Annotated[list[_Finding], _Many] = []
    known: _Count = 0


class _Summary(msgspec.Struct):
    version: _Short = ""
    settings: _Short = ""
    files: _Count = 0
    parsed: _Count = 0
    cached: _Count = 0
    lines: _Count = 0
    seconds: Annotated[float, msgspec.Meta(ge=0, le=10**7)] = 0.0
    hidden: dict[_Short, _Count] = {}
    faults: Annotated[list[_Fault], _Few] = []
    notices: Annotated[list[_Text], _Few] = []
    fail_on: Severity = "error"
    exit_code: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0


class _Document(msgspec.Struct):
    schema: _Short
    findings: Annotated[list[_Finding], _Many]
    silenced: Annotated[list[_Silenced], _Many]
    comments: Annotated[list[_Comment], _Few]
    gaps: Annotated[list[_Gap], _Many]
    summary: _Summary
    verdicts: Annotated[list[_Verdict], _Many] = []
    change: _Change | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A review of an earlier run; `settings` is the file that governed it, `suggestions` are by fingerprint."""

    review: Review
    version: str
    settings: str
    fail_on: Severity
    suggestions: dict[str, Suggestion] = {}


def recorded(data: bytes, name: str) -> Recorded:
    """What a report says; `name` is for people. Raises UsageError when it is none, or not one that we wrote."""
    try:
        given = json.loads(data.decode("utf-8"))
        document = msgspec.convert(_whole(given), _Document)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"`{name}` is no report of `--format json`: {_short(error)}") from error
    if document.schema != _SCHEMA:
        raise UsageError(f"`{name}` is a report of another kind (`{document.schema}`); this reads {_SCHEMA}")
    for path in {*(one.path for one in document.findings), *(one.path for one in document.comments)}:
        # Such a path would make a link to somewhere else.
        if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/"):
            raise UsageError(
                f"`{name}` speaks of `{path}`, which is outside of the repository; run the check inside of it"
            )
    summary = document.summary
    suggestions = {
        one.fingerprint: Suggestion(one.suggestion.first, one.suggestion.last, tuple(one.suggestion.lines))
        for one in document.findings
        if one.suggestion is not None and one.suggestion.first <= one.line <= one.suggestion.last
    }
    return Recorded(_review(document), summary.version, summary.settings, summary.fail_on, suggestions)


def _whole(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same with only whole characters: halves of them, by which odd file names are told, cannot be sent."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _review(document: _Document) -> Review:
    summary = document.summary
    figures = Figures(summary.files, summary.parsed, summary.cached, summary.lines, summary.seconds)
    return Review(
        findings=tuple(_finding(one) for one in document.findings),
        silenced=tuple(Silenced(_finding(one), one.by, one.reason) for one in document.silenced),
        hidden=dict(summary.hidden),
        comments=tuple(_comment(one) for one in document.comments),
        gaps=tuple(Gap(one.path, one.line, one.reason) for one in document.gaps),
        faults=tuple(Fault(one.check, one.error) for one in summary.faults),
        notices=tuple(summary.notices),
        figures=figures,
        verdicts=tuple(
            Verdict(one.finding, one.persona, "doubtful" if one.verdict == "doubtful" else "confirmed", one.reason)
            for one in document.verdicts
        ),
        introduced=_introduced(document.change) if document.change is not None else None,
    )


def _introduced(change: _Change) -> Introduced:
    return Introduced(
        commit=change.commit,
        since=change.since,
        staged=change.staged,
        files=change.files,
        elsewhere=frozenset(one.fingerprint for one in change.new if one.elsewhere),
        because={
            one.fingerprint: tuple(_place(where.path, where.line) for where in one.because)
            for one in change.new
            if one.because
        },
        fixed=tuple(_finding(one) for one in change.fixed),
        known=change.known,
    )


def _finding(one: _Finding) -> Finding:
    return Finding(
        rule=one.rule,
        family=one.family,
        place=_place(one.path, one.line, one.end_line, one.column),
        severity=one.severity,
        confidence=one.confidence,
        message=one.message,
        why=one.why,
        instead=one.instead,
        fingerprint=one.fingerprint,
        trail=tuple(Step(_place(step.path, step.line), step.text) for step in one.trail),
        policy=dict(one.policy),
    )


def _comment(one: _Comment) -> Comment:
    return Comment(
        _place(one.path, one.line, one.end_line),
        one.persona,
        one.text,
        topic=one.topic,
        weight=one.weight,
        certainty=one.certainty,
        quote=one.quote,
        scenario=one.scenario,
        fix=one.fix,
        unseen=one.unseen,
        unconfirmed=one.unconfirmed,
        hand_to=one.hand_to,
        beside=one.beside,
        fingerprint=one.fingerprint,
    )


def _place(path: str, line: int, end_line: int = 0, column: int = 1) -> Place:
    return Place(path, Span(line, column, max(line, end_line), column))
