"""The hall of adoption: the findings that are accepted of old code, and what is still there of them."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from .baseline import Accepted, Baseline
from .findings import Finding, Review
from .load.baseline import NAME, baseline_of
from .load.git import repository_of
from .reading import Progress
from .review import review
from .rulebook import Rulebook
from .settings import Settings
from .triage.baseline import accepting


class Adopted(msgspec.Struct, frozen=True):
    """The review of all that the settings govern; `today` accepts what it finds, what was accepted before included.

    `still` is what was accepted before and is there, `gone` what is not.
    """

    review: Review
    today: Baseline
    still: Baseline = Baseline()
    gone: tuple[Accepted, ...] = ()


def baseline_path(settings: Settings) -> str:
    """Where the baseline stands, or would."""
    return settings.baseline or os.path.join(settings.root, NAME)


def adopted(
    settings: Settings, rulebook: Rulebook, *, progress: Progress | None = None, jobs: int | None = None
) -> Adopted:
    """Review the whole folder that the settings govern, and hold it against its baseline; raises UsageError."""
    home = repository_of(settings.root) or settings.root
    found = review((os.path.relpath(settings.root),), settings, rulebook, progress=progress, jobs=jobs).review
    known = [one.finding for one in found.silenced if one.by == "baseline"]
    origin = baseline_path(settings)
    still = accepting(_in_order(known), home, origin)
    gone = _gone(baseline_of(settings), still)
    return Adopted(found, accepting(_in_order([*found.findings, *known]), home, origin), still, gone)


def _gone(before: Baseline, still: Baseline) -> tuple[Accepted, ...]:
    """The entries that nothing stands for any more; of those that are counted, not named, the last ones."""
    there = {(one.path, one.rule): one.fingerprints for one in still.accepted}
    gone = []
    for one in before.accepted:
        left = there.get((one.path, one.rule), ())
        missing = [fingerprint for fingerprint in one.fingerprints if fingerprint not in left]
        excess = len(one.fingerprints) - len(left)
        if excess > 0:
            gone.append(Accepted(one.path, one.rule, tuple(missing[-excess:])))
    return tuple(gone)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.place.path, one.place.span, one.rule))
