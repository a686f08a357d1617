"""A retry that hits the peer again at once, or at a constant beat."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .conflicts import repeats_conflicts
from .edits import spaced
from .hits import hit_on
from .wording import covered

_BECAUSE = {"none": "no pause between attempts", "fixed": "the pause never grows"}


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work without a growing delay."""
    for retry in project.retries:
        if retry.probes or repeats_conflicts(project, retry):
            continue
        if retry.delay in _BECAUSE and (retry.covers or not retry.decorates):
            place = retry.pause if retry.delay == "fixed" and retry.pause is not None else retry.place
            yield hit_on(
                "retry-without-backoff",
                place,
                retry.function,
                project,
                subject=retry.name,
                confidence="medium" if retry.by_hand and not retry.covers else None,
                names={
                    "name": retry.name,
                    "covers": covered(retry),
                    "because": _BECAUSE[retry.delay],
                    "catches": ", ".join(retry.catches),
                },
                edit=spaced(project, retry),
            )
