"""A pause that grows the same way in every replica, so that all of them come back at once."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .edits import jittered
from .hits import hit_on
from .wording import covered


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work with a growing pause that has no random part, where more than one process may wait."""
    for retry in project.retries:
        entry = project.reached_by.get(retry.function)
        alone = entry is not None and entry.kind in ("command", "program")
        if retry.delay == "exponential" and retry.covers and retry.certain and not alone:
            yield hit_on(
                "retry-without-jitter",
                retry.pause or retry.place,
                retry.function,
                project,
                subject=retry.name,
                names={"name": retry.name, "covers": covered(retry)},
                edit=jittered(project, retry),
            )
