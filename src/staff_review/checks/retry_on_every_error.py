"""A retry that also repeats what cannot heal."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on
from .starting import starts_up, waits_for_peer
from .wording import covered


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work that choose no errors."""
    for retry in project.retries:
        waits = waits_for_peer(retry) or starts_up(project, retry.function)
        if retry.on == "any" and retry.covers and not waits:
            yield hit_on(
                "retry-on-every-error",
                retry.place,
                retry.function,
                project,
                subject=retry.name,
                names={"name": retry.name, "covers": covered(retry), "catches": ", ".join(retry.catches)},
            )
