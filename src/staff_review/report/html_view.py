"""What the HTML page shows, as plain texts: chapters by rule, findings with code, remarks beside their evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import ndiff

import msgspec

from ..nouns.findings import PERSONA, Comment, Finding, Silenced, SilencedComment
from ..nouns.rulebook import Rule
from ..nouns.settings import SEVERITIES, Severity
from ..nouns.source import Place, Span
from . import Report
from .changes import because
from .look import clean
from .places import extent, in_repository, lines_of, uri_of
from .ranking import rank_of, ranked
from .remarks import doubts, rows_of, said_of, speaker_of
from .rule_help import rules_of, spoken
from .tally import counted, listed, unsaid_policy

OPEN_PER_RULE = 10
"""So many findings of a rule are unfolded when the page opens, as on a screen."""

_BEFORE, _AFTER, _MOST = 3, 1, 8  # lines of code: before the span, after it, and of the span itself


class Where(msgspec.Struct, frozen=True):
    """A place as text, and the address of its line if the host is known."""

    text: str
    link: str = ""


class CodeLine(msgspec.Struct, frozen=True):
    """A line of code in three parts, of which the second is what a finding is about."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


class StepView(msgspec.Struct, frozen=True):
    """A step of a trail; `here` is the finding's own line."""

    text: str
    where: Where
    here: bool


class Remark(msgspec.Struct, frozen=True):
    """A persona's comment; its own code only where it does not stand beside a finding."""

    who: str
    text: str
    quote: str
    rows: tuple[tuple[str, str], ...]
    where: Where
    frame: tuple[CodeLine, ...] = ()


class FixLine(msgspec.Struct, frozen=True):
    """A line of a safe fix: taken out ("-") or put in its place ("+")."""

    sign: str
    text: str


class FindingView(msgspec.Struct, frozen=True):
    """A finding in its chapter; `instead` is empty where it says what the chapter says."""

    anchor: str
    severity: Severity
    confidence: str
    path: str
    line: int
    at: str
    where: Where
    message: str
    instead: str
    open: bool
    frame: tuple[CodeLine, ...]
    policy: tuple[tuple[str, str], ...]
    trail: tuple[StepView, ...]
    fix: tuple[FixLine, ...]
    remarks: tuple[Remark, ...]
    doubts: tuple[str, ...]


class Chapter(msgspec.Struct, frozen=True):
    """A rule with its words and its findings."""

    rule: str
    title: str
    family: str
    count: str
    counts: dict[Severity, int]
    why: str
    instead: str
    bad: str
    good: str
    silent: tuple[str, ...]
    references: tuple[str, ...]
    findings: tuple[FindingView, ...]


class Views:
    """Makes the parts of a page from a report; each file is read once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._lines: Callable[[str], Sequence[str]] = lines_of(report.sources)
        self._doubts = doubts(report.review)
        self._rules = rules_of(report)

    def chapters(self) -> list[Chapter]:
        """A chapter for each rule that was broken, the gravest first, then the one with most findings."""
        by_rule: dict[str, list[Finding]] = {}
        for finding in ranked(self._report.review.findings):
            by_rule.setdefault(finding.rule, []).append(finding)
        chapters = [self._chapter(self._rules[rule], findings) for rule, findings in by_rule.items()]
        gravest = {rule: rank_of(findings[0]) for rule, findings in by_rule.items()}
        return sorted(chapters, key=lambda chapter: (-gravest[chapter.rule], -len(chapter.findings), chapter.rule))

    def lone_remarks(self) -> list[Remark]:
        """The comments that stand beside no finding of the page."""
        known = {finding.fingerprint for finding in self._report.review.findings}
        comments = [comment for comment in self._report.review.comments if comment.beside not in known]
        return [self._remark(comment, self._frame(comment.place)) for comment in comments]

    def where(self, place: Place) -> Where:
        """A place with its address."""
        checkout = self._report.checkout
        uri = uri_of(in_repository(place.path, checkout.prefix))
        return Where(clean(str(place)), f"{checkout.link}{uri}#L{place.line}" if checkout.link else "")

    def _chapter(self, rule: Rule, findings: list[Finding]) -> Chapter:
        # Where all findings say the same, the chapter says it in their words; else in the rule's own.
        wordings = {finding.instead for finding in findings}
        instead = wordings.pop() if len(wordings) == 1 else spoken(rule.instead)
        counts = {severity: sum(one.severity == severity for one in findings) for severity in reversed(SEVERITIES)}
        return Chapter(
            rule.id,
            rule.title,
            rule.family.replace("-", " "),
            listed([counted(number, severity) for severity, number in counts.items() if number]),
            counts,
            rule.why,
            instead,
            rule.bad.strip("\n"),
            rule.good.strip("\n"),
            rule.silent,
            tuple(reference for reference in rule.references if reference.startswith("https://")),
            tuple(self._finding(one, instead, number < OPEN_PER_RULE) for number, one in enumerate(findings)),
        )

    def _finding(self, finding: Finding, told: str, unfolded: bool) -> FindingView:
        comments = self._report.review.comments
        return FindingView(
            anchor=f"{finding.rule}-{finding.fingerprint}",
            severity=finding.severity,
            confidence=finding.confidence,
            path=clean(finding.place.path),
            line=finding.place.line,
            at=clean(f"{finding.place}:{finding.place.span.column}"),
            where=self.where(finding.place),
            message=finding.message,
            instead="" if finding.instead == told else finding.instead,
            open=unfolded,
            frame=self._frame(finding.place),
            policy=(*self._cause(finding), *unsaid_policy(finding)),
            trail=self._trail(finding),
            fix=self._fix(finding),
            remarks=tuple(self._remark(one) for one in comments if one.beside == finding.fingerprint),
            doubts=tuple(said_of(verdict) for verdict in self._doubts.get(finding.fingerprint, ())),
        )

    def _cause(self, finding: Finding) -> list[tuple[str, str]]:
        cause = because(self._report.review, finding)
        return [("caused by", clean(cause))] if cause else []

    def _fix(self, finding: Finding) -> tuple[FixLine, ...]:
        wish = self._report.suggestions.get(finding.fingerprint)
        if wish is None:
            return ()
        before = self._lines(finding.place.path)[wish.first - 1 : wish.last]
        # What stays is part of what is suggested, but says nothing here.
        lines = [line for line in ndiff([line.rstrip("\r\n") for line in before], wish.lines) if line[0] in "+-"]
        return tuple(FixLine(line[0], clean(line[2:])) for line in lines)

    def _trail(self, finding: Finding) -> tuple[StepView, ...]:
        if len(finding.trail) < 2:
            return ()
        return tuple(
            StepView(step.text, self.where(step.place), str(step.place) == str(finding.place)) for step in finding.trail
        )

    def _remark(self, comment: Comment, frame: tuple[CodeLine, ...] = ()) -> Remark:
        quote = "" if frame else "\n".join(clean(line) for line in comment.quote.splitlines())
        who = clean(speaker_of(comment))
        return Remark(who, comment.text, quote, tuple(rows_of(comment)), self.where(comment.place), frame)

    def _frame(self, place: Place) -> tuple[CodeLine, ...]:
        lines, span = self._lines(place.path), place.span
        if not 1 <= span.line <= len(lines):
            return ()
        first = max(1, span.line - _BEFORE)
        last = min(len(lines), max(span.line, min(span.end_line, span.line + _MOST - 1)) + _AFTER)
        while first < span.line and not lines[first - 1].strip():
            first += 1
        while last > span.line and not lines[last - 1].strip():
            last -= 1
        shown = lines[first - 1 : last]
        indent = min((len(line) - len(line.lstrip()) for line in shown if line.strip()), default=0)
        return tuple(_code_line(number, line, span, indent) for number, line in enumerate(shown, start=first))


def _code_line(number: int, line: str, span: Span, indent: int) -> CodeLine:
    start, end = _marked(number, line, span)
    before, marked, after = (clean(part) for part in (line[min(indent, start) : start], line[start:end], line[end:]))
    return CodeLine(number, before, marked, after.rstrip())


def _marked(number: int, line: str, span: Span) -> tuple[int, int]:
    """The characters of a line that the span covers, from 0 and exclusive; none of a line outside of it."""
    if number == span.line:
        return extent(line, span)
    if span.line < number <= span.end_line:
        end = span.end_column - 1 if number == span.end_line else len(line.rstrip())
        return min(len(line) - len(line.lstrip()), end), end
    return len(line), len(line)


def silence_of(silenced: Silenced | SilencedComment, views: Views) -> dict[str, object]:
    """A silenced finding or comment as a row."""
    if isinstance(silenced, Silenced):
        what, place = silenced.finding.rule, silenced.finding.place
    else:
        what, place = f"{PERSONA}:{silenced.comment.topic}", silenced.comment.place
    return {"rule": what, "where": views.where(place), "by": silenced.by, "reason": clean(silenced.reason)}
