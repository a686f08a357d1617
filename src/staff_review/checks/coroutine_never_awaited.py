"""A coroutine that is made and dropped: nothing of it ever runs."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Calls of coroutines whose value nobody takes."""
    for one in project.signals.forgotten:
        yield hit_on(
            "coroutine-never-awaited",
            one.place,
            one.function,
            project,
            subject=one.call,
            names={"callee": one.callee},
            trail=project.paths.get(one.function, ()),
        )
