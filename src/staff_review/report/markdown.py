"""Markdown as GitHub and GitLab show it, for a comment on a change and for the summary of a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

import msgspec

from ..nouns.findings import PERSONA, ArchitectureNote, Comment, Finding, Review
from ..nouns.source import Place
from . import Report
from .changes import against, causes, map_lines, parts
from .markdown_text import code, fenced, folded, inline, plain, quoted
from .places import in_repository, lines_of, uri_of
from .ranking import ranked
from .remarks import doubts, rows_of, run_line, said_of
from .tally import counted, found, gap_lines, left_out, looked_at, settings_words, unsaid_policy

COMMENT_LIMIT = 65_536
"""So many characters a comment on GitHub may have."""

_ROW = 2_000  # characters of the limit for each row of the table
_TOLD = 10  # findings with code and trail
_GAPS = 20
_FIXED = 50
_SPARE = 200  # characters for the word that something was left out
_BEFORE = 2  # lines of code before a finding's own


def render(report: Report, stream: TextIO, limit: int = COMMENT_LIMIT) -> None:
    """Write at most `limit` characters: first what was found; what does not fit is left out, and that is said."""
    length, missing = 0, False
    for block in _blocks(report, limit):
        if length + len(block) + 2 <= limit - _SPARE:
            stream.write(f"{block}\n\n")
            length += len(block) + 2
        else:
            missing = True
    if missing:
        stream.write("Parts of this report did not fit here; the full and html formats have all of it.\n\n")


def _blocks(report: Report, limit: int) -> list[str]:
    review, links = report.review, _Links(report)
    findings = ranked(review.findings)
    blocks = [f"### staff-review: {found(review)}"]
    if review.introduced is not None:
        blocks.append(f"{plain(against(review.introduced))}.")
    for title, part in parts(msgspec.structs.replace(review, findings=tuple(findings))):
        if part:
            blocks.append(f"#### {title}" if title else "")
            blocks.append(_table(part, review, links, limit))
    if review.comments or review.persona:
        blocks.append(_opinions(review, links))
    if review.architecture:
        blocks.append(folded("The system as a whole: an opinion", _whole(review.architecture)))
    if review.faults:
        faults = "\n".join(f"- {code(fault.check)}: {plain(fault.error)}" for fault in review.faults)
        blocks.append(f"**Our own fault: these failed, and their findings are missing.**\n\n{faults}")
    if findings:
        blocks += [_told(findings, links), _reasons(findings)]
    if review.introduced is not None and review.introduced.fixed:
        fixed = review.introduced.fixed
        rows = [f"- {one.rule} {code(str(one.place))}" for one in fixed[:_FIXED]]
        rows += [f"- and {len(fixed) - _FIXED:,} more"] if len(fixed) > _FIXED else []
        blocks.append(folded(f"Fixed by this change ({len(fixed):,})", "\n".join(rows)))
    if review.introduced is not None and (edges := map_lines(review.introduced.map)):
        blocks.append(folded(f"The map, with this change ({len(edges):,})", fenced(edges[:_FIXED], "diff")))
    if review.gaps:
        gaps = "\n".join(f"- {code(place)} {plain(reason)}" for place, reason in gap_lines(review.gaps, _GAPS))
        blocks.append(folded(f"What was not looked at ({len(review.gaps):,})", gaps))
    return [block for block in (*blocks, _closing(report)) if block]


class _Links:
    """Places as code, linked to the file on its host where that is known; and the lines that stand there."""

    def __init__(self, report: Report) -> None:
        self._checkout = report.checkout
        self.lines: Callable[[str], Sequence[str]] = lines_of(report.sources)

    def place(self, place: Place, *, in_table: bool = False) -> str:
        """The place with its line."""
        text = code(str(place), in_table=in_table)
        if not self._checkout.link:
            return text
        uri = uri_of(in_repository(place.path, self._checkout.prefix))
        return f"[{text}]({self._checkout.link}{uri}#L{place.line})"

    def code(self, place: Place) -> str:
        """The line of the place and up to two before it, as a block; nothing if it is not there."""
        lines = self.lines(place.path)
        if not 1 <= place.line <= len(lines):
            return ""
        shown = list(lines[max(0, place.line - 1 - _BEFORE) : place.line])
        while len(shown) > 1 and not shown[0].strip():
            del shown[0]
        indent = min((len(line) - len(line.lstrip()) for line in shown if line.strip()), default=0)
        return fenced([line[indent:] for line in shown], "python" if place.path.endswith(".py") else "")


def _table(findings: Sequence[Finding], review: Review, links: _Links, limit: int) -> str:
    """As many rows as half of the limit holds, and few enough that the rest of the page has room too."""
    rows, length = ["| | Finding |", "| --- | --- |"], 0
    beside = doubts(review)
    for finding in findings[: limit // _ROW]:
        said = [f"_{inline(said_of(verdict), in_table=True)}_" for verdict in beside.get(finding.fingerprint, ())]
        where = f"{links.place(finding.place, in_table=True)} {finding.rule}"
        cause = [links.place(place, in_table=True) for place in causes(review, finding)]
        caused = [f"because of {', '.join(cause)}"] if cause else []
        what = "<br>".join([inline(finding.message, in_table=True), where, *caused, *said])
        length += len(what)
        if length > limit // 2:
            break
        rows.append(f"| {_severity(finding)} | {what} |")
    left = len(findings) - len(rows) + 2
    return "\n".join([*rows, *([f"| | and {left:,} more |"] if left else [])])


def _severity(finding: Finding) -> str:
    return f"**{finding.severity}**" if finding.severity == "error" else finding.severity


def _told(findings: list[Finding], links: _Links) -> str:
    """Code and trail of the first findings; nothing for those of which there is no more to tell than the table did."""
    parts = []
    for finding in findings[:_TOLD]:
        more = [links.code(finding.place)]
        more.append("\n".join(f"- {plain(name)}: {inline(text)}" for name, text in unsaid_policy(finding)))
        if len(finding.trail) > 1:
            steps = [f"{inline(step.text)} {links.place(step.place)}" for step in finding.trail]
            more.append("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
        if any(more):
            head = f"{links.place(finding.place)} {inline(finding.message)}"
            parts.append("\n\n".join(filter(None, [head, *more])))
    if not parts:
        return ""
    title = "The code, and how it is reached"
    if len(findings) > _TOLD:
        title += f" (the first {_TOLD} of {len(findings):,})"
    return folded(title, "\n\n---\n\n".join(parts))


def _reasons(findings: list[Finding]) -> str:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    parts = [
        f"**{rule}** ({counted(sum(one.rule == rule for one in findings), 'finding')})\n\n"
        f"{inline(finding.why)}\n\n_Instead:_ {inline(finding.instead)}\n\n"
        f"_To accept one:_ {code(f'# staff-review: ignore[{rule}] -- the reason')}"
        for rule, finding in first.items()
    ]
    return folded("Why it matters, and what to do", "\n\n".join(parts))


def _opinions(review: Review, links: _Links) -> str:
    parts = [_opinion(comment, links) for comment in review.comments]
    if review.persona:
        parts.append(f"<sub>{plain(run_line(review.persona))}</sub>")
    return "\n\n".join(["#### Opinions, which fail no run", *parts])


def _opinion(comment: Comment, links: _Links) -> str:
    """A remark as a quotation, with the line that it rests on."""
    sure = f"{comment.weight}, {comment.certainty}, {code(f'{PERSONA}:{comment.topic}')}"
    head = f"**{plain(comment.persona)}** on {links.place(comment.place)}, {sure}"
    rows = [f"_{label.capitalize()}:_ {inline(text)}" for label, text in rows_of(comment)]
    shown = fenced(comment.quote.splitlines()) if comment.quote else ""
    return quoted("\n\n".join(filter(None, [head, inline(comment.text), shown, *rows])))


def _whole(note: ArchitectureNote) -> str:
    """A persona's view of the system; GitHub and GitLab draw the edges."""
    parts = [f"**{plain(note.persona)}**: {inline(note.text)}"]
    rows = [
        " | ".join(inline(text, in_table=True) for text in (one.choice, one.gains, one.costs))
        for one in note.trade_offs
    ]
    if rows:
        parts.append("\n".join(["| Choice | Gains | Costs |", "| --- | --- | --- |", *(f"| {row} |" for row in rows)]))
    if note.alternatives:
        parts.append("\n".join(f"- {inline(text)}" for text in note.alternatives))
    if note.edges:
        parts.append(fenced(note.mermaid.splitlines(), "mermaid"))
    return "\n\n".join([*parts, *([f"_Hand to:_ {inline(note.hand_to)}"] if note.hand_to else [])])


def _closing(report: Report) -> str:
    facts = [*looked_at(report.review), *left_out(report.review), str(report.verdict)]
    facts += [settings_words(report.settings)]
    facts += [f"staff-review {report.version}"] if report.version else []
    notices = [f"- {inline(notice)}" for notice in report.review.notices]
    return "\n\n".join(filter(None, ["\n".join(notices), f"<sub>{plain(' · '.join(facts))}</sub>"]))
