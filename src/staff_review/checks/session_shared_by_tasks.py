"""A session or connection for one task at a time, used by several tasks at once."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Every start of several coroutines that work with the same one."""
    for shared in project.burdens.shared:
        yield hit_on(
            "session-shared-by-tasks",
            shared.place,
            shared.function,
            project,
            subject=shared.call,
            names={"name": shared.name},
        )
