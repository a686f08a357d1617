"""The hall of adoption: the findings that are accepted of old code, and what is still there of them."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from ..load.baseline import NAME, baseline_of
from ..load.git import repository_of
from ..nouns.baseline import Accepted, Baseline
from ..nouns.findings import PERSONA, Finding, Review
from ..nouns.rulebook import Rulebook
from ..nouns.settings import PersonaSettings, Settings
from ..triage.baseline import accepting
from .commenting import commented
from .reading import Progress
from .review import review


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
    settings: Settings,
    rulebook: Rulebook,
    *,
    progress: Progress | None = None,
    jobs: int | None = None,
    asked: PersonaSettings | None = None,
) -> Adopted:
    """Review the whole folder that the settings govern, and hold it against its baseline; raises UsageError.

    `asked`: a persona is asked too, and its comments of today are accepted. Otherwise what the baseline accepts of
    comments still stands, because nobody knows what would be said.
    """
    home = repository_of(settings.root) or settings.root
    paths = (os.path.relpath(settings.root),)
    outcome = review(paths, settings, rulebook, progress=progress, jobs=jobs, program=asked is not None)
    found = (commented(outcome, paths, settings, rulebook, asked) if asked is not None else outcome).review
    known = [one.finding for one in found.silenced if one.by == "baseline"]
    origin = baseline_path(settings)
    before = baseline_of(settings)
    still = accepting(_in_order(known), home, origin)
    remarks = tuple(one for one in before.accepted if one.rule == PERSONA)
    still = msgspec.structs.replace(still, accepted=tuple(sorted((*still.accepted, *remarks))))
    today = accepting(_in_order([*found.findings, *known]), home, origin, found.comments)
    return Adopted(found, today, still, _gone(before, still))


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
