"""The end of the full report: figures by family, what was not looked at, what to do next, the exit code's reason."""

from __future__ import annotations

from rich.cells import cell_len

from ..nouns.findings import Review
from ..nouns.settings import SEVERITIES, Scale, Settings
from . import Report
from .changes import map_lines
from .remarks import run_line
from .screen import Screen
from .tally import (
    by_family,
    by_severity,
    counted,
    fixable,
    found,
    gap_lines,
    left_out,
    listed,
    looked_at,
    settings_words,
)

GAPS_LISTED = 5
FIXED_LISTED = 5
EDGES_LISTED = 10
MANY = 10
"""From so many findings on, a user is told how to accept them all and to be told only of new ones."""

_TO_SEE = {"test code": "--include-tests", "low confidence": "--min-confidence low"}


def clean_run(screen: Screen, report: Report) -> None:
    """One line with the figures; more only if something was not looked at or failed."""
    review = report.review
    _fixed(screen, review)
    figures = [found(review), *looked_at(review), *left_out(review), settings_words(report.settings)]
    screen.paragraph(screen.look.dot.join(figures))
    for notice in _notices(review):
        screen.paragraph(notice)
    if review.gaps or review.faults:
        screen.blank()
        _not_looked_at(screen, review)
        _faults(screen, review)
        screen.line(str(report.verdict))


def closing(screen: Screen, report: Report) -> None:
    """The figures of a review with findings, and the next steps."""
    review, dot = report.review, screen.look.dot
    screen.paragraph(dot.join([*looked_at(review), settings_words(report.settings)]), label="Summary", hang=9)
    screen.paragraph(_scale(report.settings), label="", hang=9)
    for notice in _notices(review):
        screen.paragraph(notice, label="", hang=9)
    screen.blank()
    _table(screen, review)
    beside = [*left_out(review), *fixable(review, report.settings)]
    if beside:
        screen.paragraph("also: " + dot.join(beside), indent=2, hang=8)
    screen.blank()
    _fixed(screen, review)
    _not_looked_at(screen, review)
    _faults(screen, review)
    _next_steps(screen, report)
    screen.line(str(report.verdict))


def _notices(review: Review) -> list[str]:
    return [*review.notices, *([run_line(review.persona)] if review.persona else [])]


def _table(screen: Screen, review: Review) -> None:
    families = {name.replace("-", " "): counts for name, counts in by_family(review).items()}
    if len(families) > 1:
        families["total"] = by_severity(review)
    if screen.look.narrow:
        for name, counts in families.items():
            kinds = listed([counted(number, kind) for kind, number in counts.items() if number])
            screen.line(f"{name}: {kinds}", indent=2)
        return
    width = max(24, *map(len, families)) + 2
    columns = tuple(reversed(SEVERITIES))
    screen.line(" " * width, *(f"{kind:>9}" for kind in columns), indent=2)
    for name, counts in families.items():
        screen.line(name.ljust(width), *(f"{counts[kind] or '-':>9}" for kind in columns), indent=2)


def _fixed(screen: Screen, review: Review) -> None:
    """What a change did to findings that stood before, and to the map."""
    introduced = review.introduced
    if introduced is None:
        return
    if introduced.fixed:
        screen.line((f"Fixed by this change ({len(introduced.fixed):,})", "heading"))
        for finding in introduced.fixed[:FIXED_LISTED]:
            screen.line(f"{finding.place}  {finding.rule}", indent=2)
        if len(introduced.fixed) > FIXED_LISTED:
            screen.line(f"and {len(introduced.fixed) - FIXED_LISTED:,} more", indent=2)
        screen.blank()
    edges = map_lines(introduced.map)
    if edges:
        screen.line(("The map, with this change", "heading"))
        for line in edges[:EDGES_LISTED]:
            screen.line(line, indent=2)
        if len(edges) > EDGES_LISTED:
            screen.line(f"and {len(edges) - EDGES_LISTED:,} more", indent=2)
        screen.blank()


def _not_looked_at(screen: Screen, review: Review) -> None:
    if review.gaps:
        screen.line((f"Not looked at ({len(review.gaps):,})", "heading"))
        lines = gap_lines(review.gaps, GAPS_LISTED)
        column = max(cell_len(place) for place, _ in lines) + 2
        hang = 2 + (column if column < screen.look.width // 2 else 2)
        for place, reason in lines:
            screen.paragraph(reason, indent=2, label=place.ljust(column), hang=hang)
        screen.blank()


def _faults(screen: Screen, review: Review) -> None:
    if review.faults:
        screen.line(("Our own fault: these failed, and their findings are missing. Please report it.", "heading"))
        for fault in review.faults:
            screen.paragraph(fault.error, indent=2, label=f"{fault.check}: ", hang=4 + len(fault.check))
        screen.blank()


def _next_steps(screen: Screen, report: Report) -> None:
    review = report.review
    worst = max(review.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    steps = [
        ("read why it matters", f"staff-review rule {worst.rule}"),
        ("see what is known of a call", f"staff-review why {worst.place}"),
        ("accept one, with a reason", f"# staff-review: ignore[{worst.rule}] -- the reason"),
    ]
    if len(review.findings) >= MANY and review.introduced is None and not report.settings.baseline:
        steps.append(("accept all of today's", "staff-review baseline create"))
    if review.introduced is None and fixable(review, report.settings):
        steps.append(("see what can be mended", f"{report.command} --fix --unsafe --show"))
    if review.introduced is None and not report.settings.files:
        steps.append(("bring it into hook and CI", "staff-review init"))
    wishes = [option for why, option in _TO_SEE.items() if review.hidden.get(why)]
    if wishes:
        steps.append(("see the hidden ones too", " ".join([report.command, *wishes])))
    screen.line(("Next", "heading"))
    width = max(len(what) for what, _ in steps) + 3
    stacked = any(width + len(how) + 5 > screen.look.width for _, how in steps)
    for number, (what, how) in enumerate(steps, start=1):
        if stacked:
            screen.line(f"{number} {what}", indent=2)
            screen.line(how, indent=4)
        else:
            screen.line(f"{number}  {what.ljust(width)}{how}", indent=2)
    screen.blank()


def _scale(settings: Settings) -> str:
    scale = settings.scale or Scale()
    rate, regions = f"{scale.requests_per_second:,g} requests a second", counted(scale.regions, "region")
    return f"weighed for {rate}, p99 {scale.p99_ms:,g} ms, {regions}" + ("" if settings.scale else " (defaults)")
