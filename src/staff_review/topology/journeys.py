"""The ways of requests: which endpoint calls which, how deep that goes, where it closes a ring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from ..nouns.journeys import EACH, Chain, Leg, Ring
from ..nouns.system import Call, Edge, Endpoint, Service, System

Node: TypeAlias = tuple[str, str]
"""A service and the name of one of its endpoints, "" for the service as a whole."""


class Journeys:
    """Sync calls between endpoints, each step found once; `beyond` those of the services to peers outside too."""

    def __init__(self, system: System, *, beyond: bool = False) -> None:
        self._beyond = beyond
        self._services = {service.name: service for service in system.services}
        self._outgoing: dict[str, list[tuple[Edge, Call | None]]] = {}
        self._by_endpoint: dict[Node, list[tuple[Edge, Call | None]]] = {}
        for edge in system.edges:
            if edge.kind == "sync" and edge.known and not edge.side:
                for call in edge.calls or (None,):
                    self._outgoing.setdefault(edge.source, []).append((edge, call))
                    for name in call.endpoints if call is not None and call.endpoints else ("",):
                        self._by_endpoint.setdefault((edge.source, name), []).append((edge, call))
        self._matched: dict[tuple[str, str, str], str] = {}
        self._routes = {name: _table(service.endpoints) for name, service in self._services.items()}
        self._steps: dict[Node, tuple[tuple[Leg, Node], ...]] = {}

    def nodes(self) -> list[Node]:
        """Every endpoint that calls somebody, and services of which only that they call is known; in order."""
        return sorted(self._by_endpoint)

    def starts(self) -> list[Node]:
        """Where requests come in: endpoints that no other service is known to call."""
        inner = {node for start in self.nodes() for leg, node in self.steps(start) if leg.target != start[0]}
        return [node for node in self.nodes() if node not in inner and (node[0], "") not in inner] or self.nodes()

    def steps(self, node: Node) -> tuple[tuple[Leg, Node], ...]:
        """The legs from an endpoint and where each arrives; of a service as a whole, all its legs."""
        known = self._steps.get(node)
        if known is None:
            found: dict[tuple[str, str, str], tuple[Leg, Node]] = {}
            for edge, call in self._outgoing.get(node[0], ()) if not node[1] else self._by_endpoint.get(node, ()):
                inner = self._beyond or edge.target in self._services
                if not inner or (call is not None and not call.awaited):
                    continue
                arrives = self.arrives(edge.target, call)
                leg = leg_of(edge, call, node[1], exact=bool(arrives))
                found.setdefault((edge.target, arrives, str(leg.place)), (leg, (edge.target, arrives)))
            known = self._steps[node] = tuple(found.values())
        return known

    def arrives(self, target: str, call: Call | None) -> str:
        """The endpoint of the callee that a call means, "" when it cannot be told."""
        return self.answering(target, call.verb, call.path) if call is not None and call.path else ""

    def answering(self, target: str, verb: str, path: str) -> str:
        """The endpoint of a service that answers a request, "" for none; without a verb, whichever has the path."""
        key = (target, verb, path)
        if key not in self._matched:
            self._matched[key] = _matching(self._routes.get(target, {}), verb, path)
        return self._matched[key]

    def reached(self, node: Node) -> dict[str, bool]:
        """Every service that an endpoint reaches, and whether each way there is without a fallback."""
        found: dict[str, bool] = {}
        seen = {node}
        waiting = [(node, True)]
        while waiting:
            here, needed = waiting.pop()
            for edge, call in self._outgoing.get(here[0], ()) if not here[1] else self._by_endpoint.get(here, ()):
                sure = needed and not (call is not None and (call.fallback or call.mixed))
                found[edge.target] = found.get(edge.target, False) or sure
                arrived = (edge.target, self.arrives(edge.target, call))
                if arrived not in seen and edge.target in self._services:
                    seen.add(arrived)
                    waiting.append((arrived, sure))
        return found


def leg_of(edge: Edge, call: Call | None, endpoint: str, *, exact: bool) -> Leg:
    """One call of an edge as a leg."""
    return Leg(
        source=edge.source,
        target=edge.target,
        endpoint=endpoint or (call.endpoints[0] if call is not None and call.endpoints else ""),
        place=call.place if call is not None else edge.evidence[0],
        protocol=edge.protocol,
        policy=call.policy if call is not None else edge.policy,
        looped=call is not None and call.looped,
        exact=exact,
        mixed=call is not None and call.mixed,
    )


def chain_of(legs: tuple[Leg, ...]) -> Chain:
    """What a way adds up to."""
    worst = [leg.policy.worst for leg in legs]
    attempts = 1
    for leg in legs:
        attempts *= leg.policy.attempts or 1
    return Chain(
        endpoint=legs[0].endpoint,
        legs=legs,
        seconds=None if any(one is None for one in worst) else sum(one for one in worst if one is not None),
        attempts=attempts,
        endless=any(leg.policy.endless for leg in legs),
        availability=EACH ** (len(legs) + 1),
    )


def rings_of(journeys: Journeys, services: Iterable[Service]) -> list[Ring]:
    """Circles of services that wait for each other, each once, found by endpoints where those are known."""
    found: dict[frozenset[str], Ring] = {}
    colour: dict[Node, int] = {}
    for start in [(service.name, "") for service in services] + journeys.nodes():
        way: list[Leg] = []
        stack: list[tuple[Node, int]] = [(start, 0)] if start not in colour else []
        colour.setdefault(start, 1)
        while stack:
            node, number = stack[-1]
            steps = journeys.steps(node)
            if number >= len(steps):
                colour[node] = 2
                stack.pop()
                way = way[: max(len(stack) - 1, 0)]
                continue
            stack[-1] = (node, number + 1)
            leg, arrived = steps[number]
            names = [one[0][0] for one in stack]
            if arrived[0] in names:
                begin = names.index(arrived[0])
                legs = (*way[begin:], leg)
                members = frozenset(one.source for one in legs)
                if len(members) > 1 and all(one.exact or not one.endpoint for one in legs):
                    found.setdefault(members, Ring(tuple(one.source for one in legs), legs))
            elif arrived not in colour:
                colour[arrived] = 1
                way = [*way[: len(stack) - 1], leg]
                stack.append((arrived, 0))
    return [found[key] for key in sorted(found, key=sorted)]


def _table(endpoints: tuple[Endpoint, ...]) -> dict[tuple[int, str], list[tuple[re.Pattern[str], Endpoint]]]:
    """Endpoints by the number of their path's segments and the first of them, so that matching stays quick."""
    table: dict[tuple[int, str], list[tuple[re.Pattern[str], Endpoint]]] = {}
    for endpoint in endpoints:
        segments = _segments(endpoint.path)
        pattern = re.compile("/".join(r"[^/]*" if "{" in one else re.escape(one) for one in segments))
        first = segments[0] if segments and "{" not in segments[0] else "*"
        table.setdefault((len(segments), first), []).append((pattern, endpoint))
    return table


def _matching(table: dict[tuple[int, str], list[tuple[re.Pattern[str], Endpoint]]], verb: str, path: str) -> str:
    segments = _segments(path)
    plain = "/".join(segments)
    for first in (segments[0] if segments else "*", "*"):
        for pattern, endpoint in table.get((len(segments), first), ()):
            if pattern.fullmatch(plain) and (not verb or not endpoint.verb or verb == endpoint.verb):
                return endpoint.name
    return ""


def _segments(path: str) -> list[str]:
    return [part for part in re.split(r"[?#]", path)[0].split("/") if part]
