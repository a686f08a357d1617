"""A row that is given to a task instead of its key."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Objects of stored classes among the arguments of a call that enqueues a task."""
    for handed in project.exchanges.handed:
        yield hit_on(
            "orm-object-to-task",
            handed.place,
            handed.function,
            project,
            subject=handed.call,
            names={"argument": handed.argument, "type": handed.type},
        )
