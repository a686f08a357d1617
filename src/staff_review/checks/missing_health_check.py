"""A service that answers requests and cannot say how it is."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on

_FEW = 3
"""Routes up to which an application is a demonstration or a hook, not a service."""


def check(project: Project) -> Iterator[Hit]:
    """Applications with routes, none of which looks like a health check; once for each."""
    for service in project.signals.services:
        if service.routes > _FEW and not service.health:
            yield hit_on(
                "missing-health-check",
                service.place,
                service.function,
                project,
                subject=service.call,
                names={"routes": str(service.routes)},
            )
