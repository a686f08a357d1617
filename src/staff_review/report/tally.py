"""The figures of a review in words, and the exit code that follows from it; shared by every format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from ..nouns.edits import is_safe
from ..nouns.findings import Finding, Gap, Review
from ..nouns.settings import SEVERITIES, Settings, Severity

_QUOTED = re.compile(r"`[^`]*`")
_FILES = 4  # settings files that are named


class Verdict(msgspec.Struct, frozen=True):
    """An exit code (0 clean, 1 findings at or above the limit, 3 a fault of ours) and its reason in a few words."""

    code: int
    reason: str

    def __str__(self) -> str:
        return f"exit {self.code}: {self.reason}"


def verdict_of(review: Review, fail_on: Severity, exit_zero: bool = False) -> Verdict:
    """The exit code of a review; `exit_zero` forgives findings, never our own faults."""
    if review.faults:
        checks = ", ".join(sorted({fault.check for fault in review.faults}))
        return Verdict(3, f"part of staff-review failed ({checks}), so the review is not complete")
    heavy = SEVERITIES[SEVERITIES.index(fail_on) :]
    counts = {severity: by_severity(review)[severity] for severity in reversed(heavy)}
    if not any(counts.values()):
        return Verdict(0, f"nothing{' new' if review.introduced else ''} at or above {fail_on}")
    found = listed([counted(number, _new(review) + severity) for severity, number in counts.items() if number])
    if exit_zero:
        return Verdict(0, f"{found}, forgiven by --exit-zero")
    return Verdict(1, f"{found} (fail-on = {fail_on})")


def _new(review: Review) -> str:
    return "new " if review.introduced is not None else ""


def by_severity(review: Review) -> dict[Severity, int]:
    """How many shown findings have each severity, the gravest first."""
    counts = Counter(finding.severity for finding in review.findings)
    return {severity: counts[severity] for severity in reversed(SEVERITIES)}


def by_family(review: Review) -> dict[str, dict[Severity, int]]:
    """The counts by severity of each family that has shown findings, the one with the most errors first."""
    families: dict[str, Counter[Severity]] = {}
    for finding in review.findings:
        families.setdefault(finding.family, Counter())[finding.severity] += 1
    order = sorted(families, key=lambda name: (*(-families[name][severity] for severity in reversed(SEVERITIES)), name))
    return {name: {severity: families[name][severity] for severity in reversed(SEVERITIES)} for name in order}


def found(review: Review) -> str:
    """The shown findings in one phrase: "12 errors and 3 notes in 7 files"."""
    if not review.findings:
        return f"no {_new(review)}findings"
    kinds = [counted(number, _new(review) + severity) for severity, number in by_severity(review).items() if number]
    files = len({finding.place.path for finding in review.findings})
    return f"{listed(kinds)} in {counted(files, 'file')}"


def looked_at(review: Review) -> list[str]:
    """What was read and how long it took: "655 files", "48,210 lines", "2.8 s"."""
    figures = review.figures
    lines = [counted(figures.lines, "line")] if figures.lines else []
    tests = [f"{counted(figures.tests, 'test file')} left out"] if figures.tests else []
    return [counted(figures.files, "file"), *lines, f"{figures.seconds:.1f} s", *tests]


def left_out(review: Review) -> list[str]:
    """What was found or met but is not in the list: silenced, hidden, gaps; nothing for what did not happen."""
    parts = []
    if review.introduced is not None and review.introduced.known:
        parts.append(f"{review.introduced.known:,} that stood before")
    accepted = sum(one.by == "baseline" for one in review.silenced)
    if len(review.silenced) > accepted:
        parts.append(f"{len(review.silenced) - accepted:,} silenced")
    if accepted:
        parts.append(f"{accepted:,} in the baseline")
    if review.silenced_comments:
        parts.append(f"{counted(len(review.silenced_comments), 'opinion')} silenced or in the baseline")
    if review.hidden:
        reasons = [f"{number:,} {_hidden_words(why)}" for why, number in review.hidden.items() if number]
        parts.append(f"{listed(reasons)} hidden")
    if review.gaps:
        parts.append(counted(len(review.gaps), "gap"))
    return parts


def fixable(review: Review, settings: Settings) -> list[str]:
    """How many findings `--fix` can mend: "3 fixable (1 safe)"; nothing for none."""
    edits = [finding.edit for finding in review.findings if finding.edit is not None]
    safe = sum(is_safe(edit, declared=settings.fix_timeout is not None) for edit in edits)
    return [f"{len(edits):,} fixable ({safe:,} safe)"] if edits else []


def settings_words(settings: Settings) -> str:
    """Which settings files were used: "settings from pyproject.toml and services/shop/staff-review.toml"."""
    files = list(settings.files)
    if not files:
        return "no settings file, built-in defaults"
    named = files if len(files) <= _FILES else [*files[: _FILES - 1], f"{len(files) - _FILES + 1:,} more"]
    return f"settings from {listed(named)}"


def unsaid_policy(finding: Finding) -> list[tuple[str, str]]:
    """The policy without what the message says: it often holds the reason ("unbounded: the library sets none")."""
    return [(name, text) for name, text in finding.policy.items() if text.split(": ", 1)[-1] not in finding.message]


_ALIKE = 3
"""Gaps of one reason that are told one by one; more of them say nothing more."""


def gap_lines(gaps: tuple[Gap, ...], most: int) -> list[tuple[str, str]]:
    """Place and reason of each gap when they are few; otherwise how many there are of each reason, with the first.

    Reasons that differ only in what they name are one.
    """
    alike: dict[str, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault(_QUOTED.sub("``", gap.reason), []).append(gap)
    ranked = sorted(alike.values(), key=len, reverse=True)
    if len(gaps) <= most and (not ranked or len(ranked[0]) <= _ALIKE):
        return [(f"{gap.path}:{gap.line}" if gap.line else gap.path, gap.reason) for gap in gaps]
    lines = [(_times(same), f"{same[0].reason}, first {same[0].path}") for same in ranked[:most]]
    others = len(gaps) - sum(len(same) for same in ranked[:most])
    return [*lines, (f"{others:,} more", "for other reasons")] if others else lines


def _times(gaps: Sequence[Gap]) -> str:
    """How many gaps of one reason there are, and whether that names something else each time."""
    if len(gaps) == 1:
        return "once"
    return f"{len(gaps):,} times" if len({gap.reason for gap in gaps}) == 1 else f"{len(gaps):,} alike"


def counted(number: int, noun: str) -> str:
    """Say "1 file", "2 files", "1,200 lines"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(parts: list[str]) -> str:
    """Say "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def _hidden_words(why: str) -> str:
    return f"in {why}" if why.endswith("code") else f"of {why}"
