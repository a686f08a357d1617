"""What a run cost and what came of each rule: plain lines, for the stream beside the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from ..nouns.timings import Timings
from . import Report
from .look import clean
from .tally import counted

LISTED = 10
"""So many rules and files are named, the slowest first."""

_REMEMBERED = "  no check was asked: nothing changed since the last run, whose answer was kept (--no-cache asks anew)\n"


def render_stats(report: Report, timings: Timings, stream: TextIO) -> None:
    """Write a table of families and their rules: findings, silenced, time of the check."""
    table = _Table(report, timings)
    stream.write(f"\n{'Rules'.ljust(table.width)}  findings  silenced      time\n")
    for family, rules in table.families.items():
        stream.write(table.row(f"  {family}", rules))
        stream.writelines(table.row(f"    {rule}", [rule]) for rule in rules if rule in table.told)
    stream.write(table.row("  total", [*table.told, *table.quiet]))
    if table.quiet:
        stream.write(f"  {counted(len(table.quiet), 'rule')} found nothing\n")
    if not timings.rules:
        stream.write(_REMEMBERED)


class _Table:
    """What is known of each rule."""

    def __init__(self, report: Report, timings: Timings) -> None:
        silenced = [one.finding for one in report.review.silenced]
        self._found = Counter(finding.rule for finding in report.review.findings)
        self._silenced = Counter(finding.rule for finding in silenced)
        self._seconds = timings.rules
        self.told = sorted({*self._found, *self._silenced})
        self.quiet = sorted({*timings.rules} - {*self.told})
        families = {name: rule.family for name, rule in report.rules.items()}
        families.update((finding.rule, finding.family) for finding in (*report.review.findings, *silenced))
        of_family: dict[str, list[str]] = {}
        for name in (*self.told, *self.quiet):
            of_family.setdefault(families.get(name, "other").replace("-", " "), []).append(name)
        self.families = dict(sorted(of_family.items()))
        self.width = max([18, *(len(name) + 6 for name in self.told)])

    def row(self, head: str, rules: Sequence[str]) -> str:
        """The sums of some rules."""
        numbers = [sum(counts[rule] for rule in rules) for counts in (self._found, self._silenced)]
        seconds = [self._seconds[rule] for rule in rules if rule in self._seconds]
        cells = [*(f"{number:,}" if number else "-" for number in numbers), _time(sum(seconds)) if seconds else "-"]
        return "".join([head.ljust(self.width), *(f"{cell:>10}" for cell in cells), "\n"])


def render_profile(timings: Timings, stream: TextIO) -> None:
    """Write the time of each phase, of the slowest rules, and of the files that took longest to read."""
    whole = sum(timings.phases.values())
    stream.write(f"\n{'Time'.ljust(24)}{_time(whole):>11}\n")
    stream.writelines(
        f"  {name.ljust(22)}{_time(seconds):>11}{seconds / whole if whole else 0:>7.0%}\n"
        for name, seconds in timings.phases.items()
    )
    stream.writelines(_slowest("Slowest rules", timings.rules))
    if not timings.rules:
        stream.write(_REMEMBERED)
    stream.writelines(_slowest("Slowest files to read", timings.files))


def _slowest(title: str, table: Mapping[str, float]) -> Iterator[str]:
    ranked = sorted(table.items(), key=lambda one: (-one[1], one[0]))
    if ranked:
        yield f"{title}\n"
    for name, seconds in ranked[:LISTED]:
        yield f"  {_time(seconds):>11}  {clean(name)}\n"
    if rest := ranked[LISTED:]:
        yield f"  {_time(sum(seconds for _, seconds in rest)):>11}  {len(rest):,} more\n"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"
