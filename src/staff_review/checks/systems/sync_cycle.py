"""Services that wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import arrows, hit_along, listed


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Every circle of synchronous calls, once."""
    for ring in system.judgement.rings:
        names = {"services": listed(ring.services), "way": arrows([*ring.services, ring.services[0]])}
        yield hit_along("sync-cycle", system, ring.legs, names)
