"""What is sent to a public peer in the clear."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Addresses of public peers whose scheme or options leave encryption out."""
    for address in project.exposures.plain:
        yield hit_on(
            "plaintext-call",
            address.place,
            address.function,
            project,
            subject=address.call,
            names={"host": address.host, "because": address.because},
            confidence=None if address.certain else "low",
        )
