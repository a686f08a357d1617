"""The service map as a table, which can be read aloud and printed: who calls whom, and what bounds it."""

from __future__ import annotations

import msgspec

from ..nouns.source import Place
from ..nouns.system import Edge, Policy, System
from .look import clean

_KINDS = {"sync": "waits", "async": "does not wait", "store": "store"}


class EdgeView(msgspec.Struct, frozen=True):
    """An edge as a row of texts; `place` is where the first call of it stands."""

    source: str
    target: str
    how: str
    limit: str
    bounded: bool
    place: Place | None


def edges_of(system: System) -> list[EdgeView]:
    """The edges between what the requests pass, in the map's order; without what stands beside (tracing, tests)."""
    return [_view(edge) for edge in system.edges if not edge.side]


def _view(edge: Edge) -> EdgeView:
    waits = edge.kind == "sync"
    return EdgeView(
        clean(edge.source),
        clean(edge.target if edge.known else f"unknown: {edge.because}"),
        ", ".join(filter(None, [clean(edge.protocol), _KINDS[edge.kind], clean(", ".join(edge.topics))])),
        _limit(edge.policy) if edge.kind != "async" else "",
        not waits or edge.policy.state != "unbounded",
        edge.evidence[0] if edge.evidence else None,
    )


def _limit(policy: Policy) -> str:
    """What bounds and repeats the calls, in few words: "3 s, 2 attempts, breaker"."""
    limits = {"bounded": f"{policy.seconds:g} s" if policy.seconds is not None else "bounded", "unbounded": "no limit"}
    attempts = f"{policy.attempts} attempts" if policy.attempts and policy.attempts > 1 else ""
    repeats = "repeats without end" if policy.endless else attempts
    return ", ".join(
        filter(None, [limits.get(policy.state, "not known"), repeats, "breaker" if policy.breaker else ""])
    )
