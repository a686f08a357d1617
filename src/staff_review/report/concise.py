"""One line a finding, for pipes and editors; what is not a finding goes to the other stream."""

from __future__ import annotations

from typing import TextIO

from ..nouns.findings import PERSONA, Introduced
from . import Report
from .changes import against, because, map_lines
from .look import clean
from .remarks import run_line
from .tally import counted, found, gap_lines, left_out, looked_at

GAPS_LISTED = 20
_EDGES_LISTED = 5


def render(report: Report, stream: TextIO) -> None:
    """Write `path:line:column: severity rule: message` for each finding, then what a persona remarked, as `opinion`."""
    for finding in report.review.findings:
        span = finding.place.span
        place = f"{finding.place.path}:{span.line}:{span.column}"
        cause = because(report.review, finding)
        caused = f" (caused by {cause})" if cause else ""
        stream.write(clean(f"{place}: {finding.severity} {finding.rule}: {finding.message}{caused}") + "\n")
    for comment in report.review.comments:
        place = f"{comment.place}:{comment.place.span.column}"
        sure = f"{comment.weight}, {comment.certainty}, {PERSONA}:{comment.topic}"
        stream.write(clean(f"{place}: opinion {comment.persona} ({sure}): {comment.text}") + "\n")


def render_summary(report: Report, stream: TextIO) -> None:
    """Write what a reader of the lines should know besides: figures, gaps, faults, notices, the exit code's reason."""
    review = report.review
    gaps = gap_lines(review.gaps, GAPS_LISTED)
    stream.writelines(f"not looked at: {clean(f'{place}: {reason}')}\n" for place, reason in gaps)
    stream.writelines(f"{clean(notice)}\n" for notice in review.notices)
    stream.writelines(f"failed: {clean(f'{fault.check}: {fault.error}')}\n" for fault in review.faults)
    if review.persona is not None:
        stream.write(f"{clean(run_line(review.persona))}\n")
    if review.introduced is not None:
        fixed = f", {counted(len(review.introduced.fixed), 'finding')} fixed" if review.introduced.fixed else ""
        stream.write(f"{clean(against(review.introduced))}{fixed}\n")
        stream.writelines(f"map: {clean(line)}\n" for line in _edges(review.introduced))
    parts = [found(review), f"read {', '.join(looked_at(review))}", ", ".join(left_out(review))]
    stream.write("; ".join(filter(None, parts)) + "\n")
    stream.write(f"{report.verdict}\n")


def _edges(introduced: Introduced) -> list[str]:
    """What the change does to the map, and where to see the rest of it."""
    lines = map_lines(introduced.map)
    if len(lines) <= _EDGES_LISTED:
        return lines
    rest = counted(len(lines) - _EDGES_LISTED, "more change")
    return [*lines[:_EDGES_LISTED], f"{rest}: staff-review map --diff {introduced.since or 'HEAD'}"]
