"""Two systems, before a change and after → what the change does to the map."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from ..nouns.journeys import Leg, Policy
from ..nouns.map_changes import EdgeChange, MapChange, Wait, WaitChange
from ..nouns.source import Place
from ..nouns.system import Edge, System
from .journeys import Journeys, Node
from .merging import waiting
from .ways import Ways

_Key: TypeAlias = tuple[str, str, str, str, str]
"""Caller, peer, kind, protocol, role."""


def changed(before: System, after: System) -> MapChange:
    """The edges and the waits that differ; where a call stands and where its limit is written make no difference."""
    return MapChange(tuple(_edges(before, after)), tuple(_waits(before, after)))


def _edges(before: System, after: System) -> list[EdgeChange]:
    then, now = _by_key(before), _by_key(after)
    found: list[EdgeChange] = []
    for key in sorted({*then, *now}):
        old, new = then.get(key), now.get(key)
        edge = new or old
        if edge is None:
            continue
        bounds = [_bounds(one) if one is not None else None for one in (old, new)]
        topics = _topics(old, new)
        if bounds[0] != bounds[1] or topics:
            ends = (edge.target, edge.source) if edge.role == "consume" else (edge.source, edge.target)
            found.append(EdgeChange(*ends, edge.kind, edge.protocol, bounds[0], bounds[1], _place(edge), topics))
    return found


def _by_key(system: System) -> dict[_Key, Edge]:
    """The edges that a reader of the map sees, without those to a peer that nobody knows."""
    return {
        (edge.source, edge.target, edge.kind, edge.protocol, edge.role): edge
        for edge in system.edges
        if edge.known and (edge.calls or edge.side != "infra")
    }


def _bounds(edge: Edge) -> tuple[Policy, ...]:
    """What bounds the calls of an edge, the longest wait first; messages wait for nobody."""
    if edge.kind == "async":
        return ()
    policies = [call.policy for call in edge.calls] or [edge.policy]
    plain = {replace(one, by="", set_at=None) for one in policies}
    return tuple(sorted(plain, key=lambda one: (*waiting(one), one.breaker), reverse=True))


def _topics(old: Edge | None, new: Edge | None) -> tuple[str, ...]:
    then, now = ({*edge.topics} if edge is not None else set[str]() for edge in (old, new))
    return tuple(sorted(then ^ now))


def _place(edge: Edge) -> Place | None:
    return edge.evidence[0] if edge.evidence else None


def _waits(before: System, after: System) -> list[WaitChange]:
    """Entry points of either side whose worst wait differs."""
    then, now = _Waits(before), _Waits(after)
    found: list[WaitChange] = []
    for node in sorted({*then.starts, *now.starts}):
        old, new = then.of(node), now.of(node)
        if _amount(old) != _amount(new):
            found.append(WaitChange(*node, old, new))
    return found


def _amount(wait: Wait | None) -> object:
    return None if wait is None else (wait.state, wait.seconds, wait.looped)


class _Waits:
    """How long requests of one system may take behind its gateways, by their slowest way; to peers outside too."""

    def __init__(self, system: System) -> None:
        gateways = {one.name for one in system.services if one.role == "gateway"}
        inner = tuple(edge for edge in system.edges if edge.source not in gateways)
        journeys = Journeys(replace(system, edges=inner), beyond=True)
        self.starts = journeys.starts()
        self._slowest = Ways(journeys, _slowness)

    def of(self, node: Node) -> Wait | None:
        """The worst wait of an endpoint, None for one that calls nobody."""
        legs = self._slowest.of(node)
        if not legs:
            return None
        endless, open_, seconds = _slowness(legs)
        way = tuple(leg.target for leg in legs)
        looped = any(leg.looped for leg in legs)
        if endless or open_:
            return Wait("unbounded" if endless else "unknown", None, way, looped)
        return Wait("bounded", round(seconds, 6), way, looped)


def _slowness(legs: tuple[Leg, ...]) -> tuple[bool, bool, float]:
    """Whether nothing bounds a leg, whether nobody can say of one, and the seconds of all others."""
    waits = [leg.policy for leg in legs]
    endless = any(one.state == "unbounded" or one.endless for one in waits)
    return endless, any(one.worst is None for one in waits), sum(one.worst or 0.0 for one in waits)
