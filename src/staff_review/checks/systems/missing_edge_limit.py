"""A hop of a chain that nothing bounds, at neither end nor in between."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import arrows, beyond_gateways, hit_along, onward, request_of, sureness


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Calls without limit, retry, breaker or mesh on a way through three services and more."""
    unlimited = {(leg.source, leg.target, leg.place): leg for leg in system.judgement.unlimited}
    told: set[tuple[str, str]] = set()
    for chain in system.judgement.chains:
        legs = onward(beyond_gateways(system, chain.legs))
        for leg in legs if len(legs) > 1 else ():
            if (leg.source, leg.target, leg.place) not in unlimited or (leg.source, leg.target) in told:
                continue
            told.add((leg.source, leg.target))
            names = {
                "request": request_of(legs[0]),
                "way": arrows([legs[0].source, *(one.target for one in legs)]),
                "caller": leg.source,
                "callee": leg.target,
            }
            yield hit_along("missing-edge-limit", system, (leg,), names, confidence=sureness(system, legs))
