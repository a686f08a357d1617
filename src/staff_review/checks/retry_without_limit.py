"""A retry that never gives up."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .conflicts import repeats_conflicts
from .edits import bound
from .hits import hit_on
from .wording import covered


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work with no bound on attempts or time."""
    for retry in project.retries:
        if retry.bounded == "no":
            yield hit_on(
                "retry-without-limit",
                retry.place,
                retry.function,
                project,
                subject=retry.name,
                severity="warning" if repeats_conflicts(project, retry) else None,
                confidence=None if retry.certain else "medium",
                names={"name": retry.name, "covers": covered(retry), "because": retry.unbounded_because},
                edit=bound(project, retry),
            )
