"""Several systems as one: hosts outside one repository are services of another, topics and stores meet by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ..nouns.system import Edge, External, Service, Store, System
from .addresses import Address
from .folders import folded
from .judging import judged
from .merging import merged
from .settling import joined


def linked(systems: Sequence[System]) -> System:
    """One system of several, in any order; services and stores of one name are one."""
    services: dict[str, Service] = {}
    stores: dict[str, Store] = {}
    externals: dict[str, External] = {}
    for system in systems:
        for service in system.services:
            known = services.get(folded(service.name))
            services[folded(service.name)] = service if known is None else _both(known, service)
        for store in system.stores:
            stores.setdefault(folded(store.name), store)
        for external in system.externals:
            externals.setdefault(external.name, external)
    names = _names(services.values(), stores.values())
    edges = [_meeting(edge, names, frozenset(externals)) for system in systems for edge in system.edges]
    brokers = frozenset(store.name for store in stores.values())
    kept = merged(joined(edges), brokers)
    own = {*(one.name for one in services.values()), *(one.name for one in stores.values())}
    touched = {name for edge in kept for name in (edge.source, edge.target)} - own
    whole = System(
        services=tuple(sorted(services.values(), key=lambda one: one.name)),
        stores=tuple(sorted(stores.values(), key=lambda one: one.name)),
        externals=tuple(externals[name] for name in sorted(externals) if name in touched),
        edges=kept,
        gaps=tuple(dict.fromkeys(gap for system in systems for gap in system.gaps)),
    )
    borrowed = tuple(dict.fromkeys(one for system in systems for one in system.judgement.borrowings))
    return judged(whole, borrowed)


def _both(one: Service, other: Service) -> Service:
    """Two descriptions of a service: the one with code, with the other's names and endpoints."""
    first, second = (one, other) if one.path or not other.path else (other, one)
    seen = {endpoint.name for endpoint in first.endpoints}
    return replace(
        first,
        aliases=tuple(sorted({*first.aliases, *second.aliases} - {first.name})),
        endpoints=(*first.endpoints, *(endpoint for endpoint in second.endpoints if endpoint.name not in seen)),
    )


def _names(services: Iterable[Service], stores: Iterable[Store]) -> dict[str, str]:
    """Every spelling of a service or store → its name."""
    names: dict[str, str] = {}
    for name, aliases in (*((one.name, one.aliases) for one in services), *((one.name, one.aliases) for one in stores)):
        for spelled in (name, *aliases):
            names.setdefault(folded(spelled), name)
    return names


def _meeting(edge: Edge, names: dict[str, str], outside: frozenset[str]) -> Edge:
    """An edge to a host outside, turned to the service that answers to it."""
    source = names.get(folded(edge.source), edge.source)
    target = names.get(folded(edge.target), "")
    if not target and edge.target in outside:
        target = names.get(folded(Address(edge.target).short), "")
    return replace(edge, source=source, target=target or edge.target)
