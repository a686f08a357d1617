"""A queue in memory without a bound, filled as fast as requests or messages come."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.burdens import Fill, Holding
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.settings import Severity
from .grounds.stand_ins import stands_in
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Queues that outlive the function that makes them, with a producer on a path that serves; lists emptied aside."""
    for holding in project.burdens.holdings:
        if holding.kind == "buffer":
            served = project.serves(holding.function) is not None
            yield _hit(project, holding, holding.fills[0], None if served else "note")
        elif holding.kind == "queue":
            for fill in holding.fills:
                entry = project.serves(fill.function)
                if entry is not None and entry.kind in ("request", "message"):
                    yield _hit(project, holding, fill, None)
                    break


def _hit(project: Project, holding: Holding, fill: Fill, severity: Severity | None) -> Hit:
    return hit_on(
        "unbounded-queue",
        holding.place,
        holding.function,
        project,
        subject=holding.call,
        names={"name": holding.name, "producer": fill.function.qualified},
        trail=project.paths.get(fill.function, ()),
        severity=severity,
        confidence="low" if stands_in(holding.function) else None,
    )
