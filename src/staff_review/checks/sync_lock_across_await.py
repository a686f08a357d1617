"""A lock of threads held by a coroutine while it waits."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit, Step
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Every one: the next coroutine that wants the lock stops the loop that would have to release it."""
    for held in project.burdens.held_locks:
        yield hit_on(
            "sync-lock-across-await",
            held.place,
            held.function,
            project,
            subject=held.name,
            names={"lock": held.name},
            trail=(Step(held.awaits, "waits here while the lock is held"),),
            severity=None if project.serves(held.function) else "warning",
        )
