"""Work for a processor, done where one thread serves everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_at

_COMPUTES = frozenset({Act.COMPUTE})
_NEAR = 3
"""Calls to the end of a trail up to which it is sure to be reached."""


def check(project: Project) -> Iterator[Hit]:
    """Hashing of passwords, pictures and tables in coroutines, also through helpers, unless a thread does it."""
    for site in project.sites:
        if Act.COMPUTE not in site.acts or not site.function.is_async or site.offloaded or site.awaited:
            continue
        entry = project.reached_by.get(site.function)
        trail = site.way(_COMPUTES).trail
        if (entry is not None and entry.kind in ("start-up", "command")) or len(trail) > _NEAR:
            continue
        end = site.way(_COMPUTES).operation
        yield hit_at(
            "cpu-work-in-async",
            site,
            project,
            effects=_COMPUTES,
            names={"because": f"`{end}` computes" if site.direct else f"it ends in `{end}`, which computes"},
            confidence=None if site.certain else "low",
        )
