"""A request that waits for services one behind the other."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.journeys import EACH, Leg
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import arrows, beyond_gateways, duration, hit_along, request_of, worst_of

_DEEP = 3  # legs: four services


def check(system: System, scale: Scale | None) -> Iterator[Hit]:
    """Ways through three services and more, one for each way; a note while it is short and inside the declared p99."""
    budget = scale.p99_ms / 1000 if scale is not None else None
    for legs, others in _ways(system):
        worst = worst_of(legs)
        slow = budget is not None and worst is not None and worst > budget
        late = f" where {duration(budget)} are declared" if budget is not None and slow else ""
        names = {
            "request": request_of(legs[0]) + (f" (and {others} more)" if others else ""),
            "way": arrows([legs[0].source, *(leg.target for leg in legs)]),
            "depth": str(len(legs) + 1),
            "lasting": (f"up to {duration(worst)}" if worst is not None else "with no known bound") + late,
            "each": f"{EACH:.1%}",
            "availability": f"{EACH ** (len(legs) + 1):.1%}",
        }
        yield hit_along("sync-chain", system, legs, names, severity=None if slow or len(legs) >= _DEEP else "note")


def _ways(system: System) -> Iterator[tuple[tuple[Leg, ...], int]]:
    """The slowest chain of each way and how many more requests take it; parts of longer ways are left out."""
    ways: dict[tuple[str, ...], list[tuple[Leg, ...]]] = {}
    for chain in system.judgement.chains:
        legs = beyond_gateways(system, chain.legs)
        way = tuple(leg.source for leg in legs) + tuple(leg.target for leg in legs[-1:])
        if len(legs) > 1 and len(set(way)) == len(way):  # one that comes round is a circle, which has its own rule
            ways.setdefault(way, []).append(legs)
    for way, several in sorted(ways.items()):
        if not any(_within(way, other) for other in ways if len(other) > len(way)):
            slowest = max(several, key=lambda legs: (worst_of(legs) or 0.0, legs[0].endpoint))
            yield slowest, len({legs[0].endpoint for legs in several}) - 1


def _within(way: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    return any(longer[start : start + len(way)] == way for start in range(len(longer) - len(way) + 1))
