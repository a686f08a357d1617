"""A queue in memory without a bound, filled as fast as requests or messages come."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Queues that outlive the function that makes them, with a producer on a path that serves."""
    for holding in project.burdens.holdings:
        if holding.kind != "queue":
            continue
        for fill in holding.fills:
            entry = project.serves(fill.function)
            if entry is not None and entry.kind in ("request", "message"):
                yield hit_on(
                    "unbounded-queue",
                    holding.place,
                    holding.function,
                    project,
                    subject=holding.call,
                    names={"name": holding.name, "producer": fill.function.qualified},
                    trail=project.paths.get(fill.function, ()),
                )
                break
