"""A version of TLS that is broken, allowed by name."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Contexts, clients and assignments that fix or allow TLS 1.1 or older."""
    for weakening in project.weakenings:
        if weakening.about == "version":
            yield hit_on(
                "weak-tls-version",
                weakening.place,
                weakening.function,
                project,
                subject=weakening.call,
                names={"because": weakening.what},
                confidence=None if weakening.certain else "low",
            )
