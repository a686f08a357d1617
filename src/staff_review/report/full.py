"""The report for a person at a terminal: findings by file with code, why and what to do; then the figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.cells import cell_len

from ..nouns.findings import Finding
from ..nouns.settings import CONFIDENCES, SEVERITIES
from . import Report
from .chains import chains
from .changes import against, because, parts
from .closing import clean_run, closing
from .frame import frame_of
from .look import Look
from .opinions import dropped, opinions, rows_beside
from .screen import Screen, cut
from .tally import counted, unsaid_policy

FRAMES_PER_RULE = 10
"""So many findings of one rule are drawn with their code; the others follow as one line each."""

LEAST_WORDS = 20
"""With less room than this beside a path, in cells, a message says nothing and is left out."""


def render(report: Report, stream: TextIO, look: Look) -> None:
    """Write the whole report; a review without findings is one line of figures."""
    screen = Screen(stream, look)
    introduced = report.review.introduced
    if introduced is not None:
        screen.paragraph(against(introduced))
        screen.blank()
    if not report.review.findings:
        opinions(screen, report.review)
        dropped(screen, report.review)
        clean_run(screen, report)
        return
    drawn, others = _split(report.review.findings)
    told: dict[str, str] = {}
    for title, part in parts(report.review):
        shown = [finding for finding in part if finding in drawn]
        if title and shown:
            screen.line((title, "heading"))
            screen.blank()
        for path, findings in groupby(shown, key=lambda finding: finding.place.path):
            _file(screen, path, list(findings), report, told)
    _more_of_the_same(screen, others)
    chains(screen, report)
    opinions(screen, report.review, {finding.fingerprint for finding in drawn})
    dropped(screen, report.review)
    closing(screen, report)


def _split(findings: tuple[Finding, ...]) -> tuple[list[Finding], list[Finding]]:
    """The findings to draw, the gravest and surest of each rule, and the others; both in the order given."""
    ranked = sorted(findings, key=lambda one: (-SEVERITIES.index(one.severity), -CONFIDENCES.index(one.confidence)))
    counts: dict[str, int] = {}
    chosen: set[int] = set()
    for finding in ranked:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= FRAMES_PER_RULE:
            chosen.add(id(finding))
    return [one for one in findings if id(one) in chosen], [one for one in findings if id(one) not in chosen]


def _file(screen: Screen, path: str, findings: list[Finding], report: Report, told: dict[str, str]) -> None:
    lines = report.sources.get(path, ())
    screen.line((path, "path"))
    screen.blank()
    positions = [f"{finding.place.line}:{finding.place.span.column}" for finding in findings]
    width = max(map(len, positions))
    for position, finding in zip(positions, findings, strict=True):
        cause = because(report.review, finding)
        _finding(screen, position.rjust(width), finding, lines, told, cause, rows_beside(report.review, finding))
        screen.blank()


def _finding(
    screen: Screen,
    position: str,
    finding: Finding,
    lines: Sequence[str],
    told: dict[str, str],
    cause: str,
    beside: list[tuple[str, str]],
) -> None:
    severity = (finding.severity, finding.severity)
    aside = f"confidence {finding.confidence}"
    if screen.look.narrow:
        screen.line(position, " ", severity, " ", (finding.rule, "rule"))
        screen.line((aside, "quiet"), indent=2)
    else:
        padding = " " * (max(map(len, SEVERITIES)) - len(finding.severity) + 2)
        screen.sides((position, "  ", severity, padding, (finding.rule, "rule")), aside, indent=2)
    indent = 2 if screen.look.narrow else 4
    screen.paragraph(finding.message, indent=indent)
    _frame(screen, finding, lines)
    rows = [*([("caused", f"by {cause}")] if cause else []), *unsaid_policy(finding)]
    # A rule's reasons are the same each time: they are told once, and the mend again only where it differs.
    if finding.rule not in told:
        rows.insert(0, ("why", finding.why))
    hang = indent + (2 if screen.look.narrow else max(7, *(len(name) + 2 for name, _ in [*rows, *beside, ("", "")])))
    for name, text in rows:
        _row(screen, name, text, indent, hang)
    _trail(screen, finding, indent, hang)
    if told.get(finding.rule) != finding.instead:
        _row(screen, "fix", finding.instead, indent, hang)
    for name, text in beside:
        _row(screen, name, text, indent, hang)
    told[finding.rule] = finding.instead


def _row(screen: Screen, name: str, text: str, indent: int, hang: int) -> None:
    # A narrow screen has no room for a column of labels: the label becomes the first word.
    label = f"{name}: " if screen.look.narrow and name else name
    screen.paragraph(text, indent=indent, label=label, hang=hang)


def _frame(screen: Screen, finding: Finding, lines: Sequence[str]) -> None:
    look = screen.look
    digits = 0 if look.narrow else len(str(finding.place.line))
    indent = 2 if look.narrow else 4
    bar = "" if look.narrow else " | "
    for line in frame_of(lines, finding.place.span, look.width - indent - digits - len(bar), look):
        gutter = "" if look.narrow else (line.gutter.rjust(digits) + bar)
        text = (line.text, "caret") if line.caret else line.text
        screen.line(*([gutter, text] if line.text else [gutter.rstrip()]), indent=indent)


def _trail(screen: Screen, finding: Finding, indent: int, hang: int) -> None:
    steps = [
        ("-> " * bool(number) + step.text, "here" if str(step.place) == str(finding.place) else str(step.place))
        for number, step in enumerate(finding.trail)
    ]
    if all(place == "here" for _, place in steps):
        return
    column = max((cell_len(text) for text, _ in steps), default=0) + 2
    room = screen.look.width - hang - column
    in_columns = not screen.look.narrow and all(cell_len(place) <= room for _, place in steps)
    for number, (text, place) in enumerate(steps):
        label = "" if number else "path"
        if in_columns:
            gap = " " * (column - cell_len(text))
            screen.line((" " * indent + label).ljust(hang), text, gap, (place, "quiet"))
        else:
            _row(screen, label, f"{text} ({place})", indent, hang)


def _more_of_the_same(screen: Screen, others: list[Finding]) -> None:
    if not others:
        return
    screen.line(("More of the same", "heading"))
    screen.blank()
    for rule in dict.fromkeys(finding.rule for finding in others):
        findings = [finding for finding in others if finding.rule == rule]
        files = len({finding.place.path for finding in findings})
        screen.line((rule, "rule"), f", {len(findings):,} more in {counted(files, 'file')}", indent=2)
        places = [f"{finding.place}:{finding.place.span.column}" for finding in findings]
        column = min(max(map(cell_len, places)), screen.look.width - LEAST_WORDS - 6)
        for place, finding in zip(places, findings, strict=True):
            head = place + " " * (max(0, column - cell_len(place)) + 2)
            room = screen.look.width - 4 - cell_len(head)
            message = cut(finding.message, room, screen.look) if room >= LEAST_WORDS else ""
            screen.line(head if message else place, message, indent=4)
        screen.blank()
