"""One line a finding, for pipes and editors; what is not a finding goes to the other stream."""

from __future__ import annotations

from typing import TextIO

from . import Report
from .look import clean
from .tally import found, gap_lines, left_out, looked_at

GAPS_LISTED = 20


def render(report: Report, stream: TextIO) -> None:
    """Write `path:line:column: severity rule: message` for each finding."""
    for finding in report.review.findings:
        span = finding.place.span
        place = f"{finding.place.path}:{span.line}:{span.column}"
        stream.write(clean(f"{place}: {finding.severity} {finding.rule}: {finding.message}") + "\n")


def render_summary(report: Report, stream: TextIO) -> None:
    """Write what a reader of the lines should know besides: figures, gaps, faults, notices, the exit code's reason."""
    review = report.review
    gaps = gap_lines(review.gaps, GAPS_LISTED)
    stream.writelines(f"not looked at: {clean(f'{place}: {reason}')}\n" for place, reason in gaps)
    stream.writelines(f"{clean(notice)}\n" for notice in review.notices)
    stream.writelines(f"failed: {clean(f'{fault.check}: {fault.error}')}\n" for fault in review.faults)
    parts = [found(review), f"read {', '.join(looked_at(review))}", ", ".join(left_out(review))]
    stream.write("; ".join(filter(None, parts)) + "\n")
    stream.write(f"{report.verdict}\n")
