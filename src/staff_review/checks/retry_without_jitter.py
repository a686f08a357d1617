"""A pause that grows the same way in every replica, so that all of them come back at once."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import FunctionRef, Project
from .edits import jittered
from .hits import hit_on
from .wording import covered

_BY_HAND = frozenset({"command", "program"})
"""Ways to start work that one person or one machine takes at a time."""


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work with a growing pause that has no random part, where more than one process may wait."""
    kinds: dict[str, set[str]] = {}
    for entry in project.entries:
        kinds.setdefault(_whole(project, entry.function), set()).add(entry.kind)
    for retry in project.retries:
        if retry.delay != "exponential" or not retry.covers or not retry.certain:
            continue
        reached = project.reached_by.get(retry.function)
        ways = {reached.kind} if reached is not None else kinds.get(_whole(project, retry.function), set())
        if not ways or not ways <= _BY_HAND:
            yield hit_on(
                "retry-without-jitter",
                retry.pause or retry.place,
                retry.function,
                project,
                subject=retry.name,
                names={"name": retry.name, "covers": covered(retry)},
                edit=jittered(project, retry),
            )


def _whole(project: Project, function: FunctionRef) -> str:
    return project.wholes.get(function.path, function.path)
