"""A sign of life that asks somebody else whether they live."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Remote calls in the handlers of liveness routes, also through helpers; the first of each handler."""
    seen = set()
    for site in project.sites:
        if site.remote and site.function in project.signals.liveness and site.function not in seen:
            seen.add(site.function)
            yield hit_at("health-check-calls-dependency", site, project)
