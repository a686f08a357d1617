"""A circuit breaker that is made anew for each call and so never counts to its threshold."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Breakers that live and die inside one function."""
    for making in project.makings:
        if Act.BREAKER in making.acts and not making.kept and not making.handed_out:
            yield hit_on(
                "breaker-per-call",
                making.place,
                making.function,
                project,
                subject=making.call,
                names={"type": making.type},
                trail=project.paths.get(making.function, ()),
            )
