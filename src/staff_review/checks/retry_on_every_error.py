"""A retry that also repeats what cannot heal."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Retry
from ..nouns.settings import Confidence
from .grounds.guards import keeps
from .grounds.starting import starts_up
from .grounds.waits import waits_for_peer
from .grounds.wording import covered
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work that choose no errors."""
    for retry in project.retries:
        waits = waits_for_peer(retry) or starts_up(project, retry.function)
        if retry.on == "any" and retry.covers and not waits and not all(map(keeps, retry.covers)):
            yield hit_on(
                "retry-on-every-error",
                retry.place,
                retry.function,
                project,
                subject=retry.name,
                confidence=_confidence(retry),
                names={"name": retry.name, "covers": covered(retry), "catches": ", ".join(retry.catches)},
            )


def _confidence(retry: Retry) -> Confidence | None:
    """Least where it only joins a peer, or is a task: between its attempts its queue gives others their turn."""
    return "low" if retry.joins or retry.queued else None
