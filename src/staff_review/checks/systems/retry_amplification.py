"""Retries of several services on one way, which multiply."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.journeys import Leg
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import arrows, hit_along, request_of

_SEVERAL = 2
_MANY = 4


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Ways on which two services or more repeat their calls."""
    for chain in system.judgement.chains:
        repeated = [number for number, leg in enumerate(chain.legs) if _repeats(leg)]
        if len(repeated) < _SEVERAL:
            continue
        legs = chain.legs[repeated[0] : repeated[-1] + 1]
        times = 1
        for leg in legs:
            times *= leg.policy.attempts or 1
        endless = any(leg.policy.endless for leg in legs)
        if times < _MANY and not endless:
            continue
        names = {
            "request": request_of(chain.legs[0]),
            "times": "calls without end" if endless else f"{times} calls",
            "last": legs[-1].target,
            "way": arrows([legs[0].source, *(leg.target for leg in legs)]),
        }
        yield hit_along("retry-amplification", system, legs, names)


def _repeats(leg: Leg) -> bool:
    return leg.policy.endless or (leg.policy.attempts or 1) > 1
