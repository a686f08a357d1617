"""Memory that grows with every new value that callers bring."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Remembered results and mappings of a module that code which serves fills and nothing empties."""
    for holding in project.burdens.holdings:
        if holding.kind in ("queue", "buffer"):
            continue
        for fill in holding.fills:
            entry = project.serves(fill.function)
            if entry is not None:
                yield hit_on(
                    "unbounded-cache",
                    fill.place if holding.kind == "mapping" else holding.place,
                    fill.function,
                    project,
                    subject=holding.name,
                    names={"name": holding.name, "by": fill.by},
                    trail=project.paths.get(fill.function, ()),
                )
                break
