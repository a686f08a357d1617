"""How legs of a request become a hit: where it stands, the trail, how sure the way is, and amounts in words."""

from __future__ import annotations

from collections.abc import Sequence

from ...nouns.findings import Hit, Step
from ...nouns.journeys import Leg, Policy
from ...nouns.settings import CONFIDENCES, Confidence, Severity
from ...nouns.source import Place
from ...nouns.system import Edge, System


def hit_along(
    rule: str,
    system: System,
    legs: Sequence[Leg],
    names: dict[str, str],
    *,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
) -> Hit:
    """A hit on the first of some legs; the others are its trail."""
    first = legs[0]
    asked: list[Confidence] = [sureness(system, legs), *([confidence] if confidence is not None else [])]
    return Hit(
        rule=rule,
        place=first.place,
        names=names,
        trail=tuple(Step(leg.place, step_words(leg)) for leg in legs),
        scope=f"{first.source} {first.endpoint}".rstrip(),
        subject=arrows([first.source, *(leg.target for leg in legs)]),
        severity=severity,
        confidence=min(asked, key=CONFIDENCES.index),
    )


def sureness(system: System, legs: Sequence[Leg]) -> Confidence:
    """How sure the legs follow each other: low where one arrives nobody knows at which endpoint and goes on."""
    if any(not leg.exact for leg in legs[:-1]):
        return "low"
    return least_sure(system, legs)


def least_sure(system: System, legs: Sequence[Leg]) -> Confidence:
    """How sure all of some legs are that stand side by side, each for itself."""
    return min((_known(system, leg) for leg in legs), key=CONFIDENCES.index)


def _known(system: System, leg: Leg) -> Confidence:
    """The confidence of the edge that a leg belongs to; low where it may be another endpoint's."""
    if leg.mixed:
        return "low"
    found: list[Confidence] = [
        edge.confidence
        for edge in system.edges
        if (edge.source, edge.target) == (leg.source, leg.target) and leg.place in _places(edge)
    ]
    return max(found, key=CONFIDENCES.index, default="low")


def _places(edge: Edge) -> set[Place]:
    return {*(call.place for call in edge.calls), *edge.evidence}


def beyond_gateways(system: System, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The legs behind the gateways in front: those pass requests on and decide nothing."""
    gateways = {one.name for one in system.services if one.role == "gateway"}
    while legs and legs[0].source in gateways:
        legs = legs[1:]
    return legs


def onward(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The legs until one comes back to a service that the way has passed."""
    passed: set[str] = set()
    for number, leg in enumerate(legs):
        passed.add(leg.source)
        if leg.target in passed:
            return legs[:number]
    return legs


def worst_of(legs: Sequence[Leg]) -> float | None:
    """Seconds that all legs together may take, None when one has no known bound."""
    worst = [leg.policy.worst for leg in legs]
    return None if None in worst else sum(one for one in worst if one is not None)


def step_words(leg: Leg) -> str:
    """What happens on a leg."""
    policy = policy_words(leg.policy)
    return f"`{leg.source}` calls `{leg.target}`" + (f" ({policy})" if policy else "")


def policy_words(policy: Policy) -> str:
    """What bounds and repeats a call, "" when nobody can say."""
    limit = "no limit" if policy.state == "unbounded" else duration(policy.seconds) if policy.seconds else ""
    times = "repeated without end" if policy.endless else ""
    if not times and (policy.attempts or 1) > 1:
        times = f"{policy.attempts} attempts"
    return ", ".join(part for part in (limit, times) if part)


def duration(seconds: float) -> str:
    """Seconds for people: "250 ms", "3 s"."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.4g} s"


def arrows(names: Sequence[str]) -> str:
    """Names one behind the other."""
    return " -> ".join(names)


def request_of(leg: Leg) -> str:
    """The request that a leg serves: its endpoint, or any request of the service."""
    return f"`{leg.endpoint}` of `{leg.source}`" if leg.endpoint else f"a request of `{leg.source}`"


def listed(names: Sequence[str]) -> str:
    """Names in backticks: "`a`, `b` and `c`"."""
    ticked = [f"`{name}`" for name in names]
    return " and ".join([", ".join(ticked[:-1]), ticked[-1]]) if len(ticked) > 1 else "".join(ticked)
