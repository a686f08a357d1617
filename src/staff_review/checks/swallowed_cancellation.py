"""A coroutine that was told to stop and goes on."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Handlers of a cancellation after which the coroutine works on: in its loop, or at its next await."""
    for one in project.signals.swallows:
        if not one.looped and not one.after:
            continue
        yield hit_on(
            "swallowed-cancellation",
            one.place,
            one.function,
            project,
            subject=one.catches or "except",
            names={"error": one.catches},
            clauses={"catches": "named" if one.catches else "bare", "goes_on": "loop" if one.looped else "await"},
            confidence="low" if one.explained else None if one.looped else "medium",
        )
