"""A connection that trusts whoever answers."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .grounds.edits import verified
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Calls and assignments that switch off the check of the peer's certificate."""
    for weakening in project.weakenings:
        if weakening.about != "certificate":
            continue
        small = weakening.by_default or weakening.asks_only or weakening.function in project.watched
        yield hit_on(
            "tls-verification-disabled",
            weakening.place,
            weakening.function,
            project,
            subject=weakening.call,
            names={"because": weakening.what},
            severity="warning" if small else None,
            confidence="medium" if weakening.by_default else None if weakening.certain else "low",
            edit=verified(weakening),
        )
