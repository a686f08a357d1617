"""A client with a pool that is made for one request and thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Pooled clients that live and die inside a function that serves requests."""
    for making in project.makings:
        entry = project.serves(making.function)
        if making.kept or making.passing or entry is None or not making.pooled:
            continue
        yield hit_on(
            "client-per-call",
            making.place,
            making.function,
            project,
            subject=making.call,
            names={"type": making.type},
            trail=project.paths.get(making.function, ()),
        )
