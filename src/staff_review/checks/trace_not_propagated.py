"""A traced service whose calls begin a new trace at the next one."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """The first call, where something is served, of each client that could carry the trace and is not instrumented."""
    for service in project.signals.services:
        seen: set[str] = set()
        for call in service.untraced:
            if call.library in seen or project.serves(call.function) is None:
                continue  # without a request there is no trace to carry
            seen.add(call.library)
            yield hit_on(
                "trace-not-propagated",
                call.place,
                call.function,
                project,
                subject=call.call,
                names={"library": call.library},
            )
