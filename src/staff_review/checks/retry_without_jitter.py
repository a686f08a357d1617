"""A pause that grows the same way in every replica, so that all of them come back at once."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import FunctionRef, Project
from .grounds.edits import jittered
from .grounds.waits import is_watched
from .grounds.wording import covered
from .hits import hit_on

_TWICE = 2
"""Attempts up to which there is one pause, which has nothing to grow from."""


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work with a growing pause that has no random part, where more than one process may wait."""
    ways_in: dict[str, set[FunctionRef]] = {}
    for entry in project.entries:
        ways_in.setdefault(_whole(project, entry.function), set()).add(entry.function)
    for retry in project.retries:
        grows = retry.delay == "exponential" and (retry.attempts is None or retry.attempts > _TWICE)
        if not grows or not retry.covers or not retry.certain or is_watched(project, retry):
            continue
        known = retry.function in project.reached_by
        ways = set() if known else ways_in.get(_whole(project, retry.function), set())
        if not ways or not ways <= project.watched:
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
