"""A request that waits for many services, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import hit_along, least_sure, listed, request_of

_MANY = 3


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Endpoints that ask three services or more in sequence."""
    for fan in system.judgement.fan_outs:
        first_of = {leg.target: leg for leg in reversed(fan.legs)}
        legs = tuple(sorted(first_of.values(), key=lambda leg: leg.place))
        if len(legs) < _MANY:
            continue
        looped = sorted({leg.target for leg in fan.looped})
        names = {
            "request": request_of(legs[0]),
            "count": str(len(legs)),
            "peers": listed([leg.target for leg in legs]),
            "looped": f", {listed(looped)} once for each item" if looped else "",
        }
        # The legs stand side by side: where each arrives does not matter to the next.
        yield hit_along("sync-fan-out", system, legs[:1], names, confidence=least_sure(system, legs))
