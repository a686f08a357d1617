"""A retry that hits the peer again at once, or at a constant beat."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Retry
from ..nouns.settings import Confidence
from .conflicts import repeats_conflicts
from .edits import spaced
from .hits import hit_on
from .starting import starts_up, waits_for_peer
from .wording import covered

_BECAUSE = {"none": "no pause between attempts", "fixed": "the pause never grows"}
_FEW = 3
"""Attempts of a loop up to which a pause that does not grow is long enough."""
_TWICE = 2
"""Attempts up to which none is needed: the second follows at once on a connection that broke."""


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work without a growing delay."""
    for retry in project.retries:
        if waits_for_peer(retry) or repeats_conflicts(project, retry) or starts_up(project, retry.function):
            continue
        if retry.delay in _BECAUSE and (retry.covers or not retry.decorates):
            place = retry.pause if retry.delay == "fixed" and retry.pause is not None else retry.place
            yield hit_on(
                "retry-without-backoff",
                place,
                retry.function,
                project,
                subject=retry.name,
                confidence=_confidence(retry),
                names={
                    "name": retry.name,
                    "covers": covered(retry),
                    "because": _BECAUSE[retry.delay],
                    "catches": ", ".join(retry.catches),
                },
                edit=spaced(project, retry),
            )


def _confidence(retry: Retry) -> Confidence | None:
    """Less where a loop repeats something unseen; least where so few attempts need no longer pause, or any."""
    if retry.attempts is not None and retry.attempts <= (_FEW if retry.delay == "fixed" and retry.by_hand else _TWICE):
        return "low"
    return "medium" if retry.by_hand and not retry.covers else None
