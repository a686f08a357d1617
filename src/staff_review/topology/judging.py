"""What the edges add up to: deep chains, short deadlines over long ones, rings, shared stores, single points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from ..nouns.journeys import Borrowing, Chain, Chat, FanOut, Inversion, Judgement, Keystone, Leg, Shared
from ..nouns.system import Edge, System
from .journeys import Journeys, chain_of, leg_of, rings_of
from .ways import Ways

_DEEP = 2  # legs: a request that passes three services
_MANY = 3
_MOST = 500
_ENTRIES = 400
"""Entry points asked for what they cannot do without; of more, every second, third, … is."""
_NOTIFIES = ("POST", "PUT", "")


def judged(system: System, borrowings: tuple[Borrowing, ...] = ()) -> System:
    """The system with its judgement."""
    journeys = Journeys(system)
    starts = journeys.starts()
    chains = list(_chains(journeys, starts))
    steps = [(node, journeys.steps(node)) for node in journeys.nodes()]
    judgement = Judgement(
        chains=tuple(chains[:_MOST]),
        rings=tuple(rings_of(journeys, system.services)),
        inversions=tuple(_inversions(journeys)),
        fan_outs=tuple(
            FanOut(node[0], node[1], tuple(leg for leg, _ in legs), tuple(leg for leg, _ in legs if leg.looped))
            for node, legs in steps
            if node[1] and (len({leg.target for leg, _ in legs}) >= _MANY or any(leg.looped for leg, _ in legs))
        ),
        chats=tuple(_chats(steps)),
        notifications=tuple(_notifications(system)),
        unlimited=tuple(_unlimited(system)),
        shared=tuple(_shared(system)),
        borrowings=borrowings,
        keystones=tuple(_keystones(journeys, starts, system)),
    )
    return replace(system, judgement=judgement)


def _chains(journeys: Journeys, starts: list[tuple[str, str]]) -> Iterator[Chain]:
    """The deepest way from each entry point, deepest first; one for each way, not for each endpoint that takes it."""
    found: dict[tuple[str, ...], Chain] = {}
    deepest = Ways(journeys, len)
    for start in starts:
        legs = deepest.of(start)
        if len(legs) >= _DEEP:
            chain = chain_of(legs)
            key = (*chain.services, chain.endpoint)
            found.setdefault(key, chain)
    yield from sorted(found.values(), key=lambda one: (-len(one.legs), one.services, one.endpoint))


def _inversions(journeys: Journeys) -> Iterator[Inversion]:
    """Pairs of legs, one behind the other on one request, of which the outer gives up first."""
    seen: set[tuple[str, str]] = set()
    for node in journeys.nodes():
        for outer, arrived in journeys.steps(node):
            limit = outer.policy.seconds if outer.policy.state == "bounded" else None
            if limit is None or not outer.exact:
                continue
            for inner, _ in journeys.steps(arrived):
                worst = inner.policy.worst
                key = (str(outer.place), str(inner.place))
                if worst is not None and worst > limit and key not in seen:
                    seen.add(key)
                    yield Inversion(outer, inner)


def _chats(steps: list[tuple[tuple[str, str], tuple[tuple[Leg, tuple[str, str]], ...]]]) -> Iterator[Chat]:
    for (service, endpoint), legs in steps:
        if not endpoint:
            continue
        ordered = sorted((leg for leg, _ in legs), key=lambda leg: leg.target)
        for peer, group in groupby(ordered, key=lambda leg: leg.target):
            several = tuple(group)
            if len(several) >= _MANY:
                yield Chat(service, endpoint, peer, several)


def _notifications(system: System) -> Iterator[Leg]:
    """Calls whose answer nobody uses, though somebody waits for it."""
    for edge in _sync(system):
        for call in edge.calls:
            if call.unused and call.awaited and call.verb in _NOTIFIES and edge.target in _names(system):
                yield leg_of(edge, call, "", exact=True)


def _unlimited(system: System) -> Iterator[Leg]:
    """Calls between services that nothing bounds, at neither end nor in between."""
    for edge in _sync(system):
        for call in edge.calls:
            policy = call.policy
            if policy.state == "unbounded" and not policy.breaker and policy.attempts == 1:
                yield leg_of(edge, call, "", exact=True)


def _sync(system: System) -> list[Edge]:
    return [edge for edge in system.edges if edge.kind == "sync" and edge.known and not edge.side]


def _names(system: System) -> frozenset[str]:
    return frozenset(service.name for service in system.services)


def _shared(system: System) -> Iterator[Shared]:
    """Databases that two services write, or one writes and others read."""
    caches = {store.name for store in system.stores if store.cache}
    by_store: dict[str, list[Edge]] = {}
    for edge in system.edges:
        if edge.kind == "store" and edge.known and not edge.side and edge.target not in caches:
            by_store.setdefault(edge.target, []).append(edge)
    for store, edges in sorted(by_store.items()):
        services = tuple(sorted({edge.source for edge in edges}))
        databases = {edge.database for edge in edges if edge.database}
        if len(services) < 2 or (len(databases) > 1 and len(databases) >= len(services)):
            continue
        tables = {edge.source: {table for call in edge.calls for table in call.tables} for edge in edges}
        common = tuple(sorted({
            table for one in tables for other in tables if one < other for table in tables[one] & tables[other]
        }))  # fmt: skip
        writers = tuple(sorted({edge.source for edge in edges if any(call.writes for call in edge.calls)}))
        if all(tables.values()) and not common:
            continue  # every statement is known, and no table is named twice
        places = tuple(edge.evidence[0] for edge in edges if edge.evidence)
        yield Shared(store, services, writers, common, places, certain=bool(common) or len(databases) == 1)


def _keystones(journeys: Journeys, starts: list[tuple[str, str]], system: System) -> Iterator[Keystone]:
    """Peers that most entry points cannot do without."""
    every = [start for start in starts if start[1]] or starts
    entries = every[:: len(every) // _ENTRIES + 1]
    needed: dict[str, list[str]] = {}
    for start in entries:
        for name, sure in journeys.reached(start).items():
            if sure and name != start[0]:
                needed.setdefault(name, []).append(f"{start[0]} {start[1]}".strip())
    inner = _names(system)
    for name, by in sorted(needed.items()):
        if name in inner and len(by) >= _MANY and len(by) * 2 > len(entries):
            yield Keystone(name, tuple(by), len(entries))
