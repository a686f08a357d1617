"""A service between others of which nobody can see what it does."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on

_FEW = 3
"""Routes up to which an application is a demonstration or a hook, not a service."""


def check(project: Project) -> Iterator[Hit]:
    """Applications with routes and remote calls that import nothing for traces, metrics or error reports."""
    for service in project.signals.services:
        if service.routes > _FEW and service.remote_calls and not service.watched:
            yield hit_on(
                "untraced-service",
                service.place,
                service.function,
                project,
                subject=service.call,
                names={"routes": str(service.routes), "calls": str(service.remote_calls)},
            )
