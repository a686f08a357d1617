"""Calls that serve somebody, gathered by the peer they go to: a word on each of the few that matter most."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from ...nouns.findings import Hit, Step
from ...nouns.libraries import Effect
from ...nouns.project import Project, Site
from ..hits import hit_at

_FAR = frozenset({Effect.HTTP, Effect.RPC})
_SHOWN = 5
_PEERS = 3
"""Peers of one service that are worth a word each; more would drown a user."""


def neglected(rule: str, project: Project, wanted: Callable[[Site], bool]) -> Iterator[Hit]:
    """One hit for each of the most called peers of a service whose calls lack something, with those calls listed."""
    by_service: dict[str, list[list[Site]]] = {}
    for sites in _calls_by_peer(project, wanted):
        path = sites[0].place.path
        by_service.setdefault(project.wholes.get(path, path), []).append(sites)
    for service in sorted(by_service):
        peers = sorted(by_service[service], key=lambda sites: (-len(sites), sites[0].place))
        unsaid = len(peers) - _PEERS
        for number, sites in enumerate(peers[:_PEERS]):
            clients = f"{unsaid} other clients" if unsaid > 1 else "1 other client"
            more = f" (and {clients})" if unsaid > 0 and number == 0 else ""
            hit = hit_at(rule, sites[0], project, names={"others": _others(sites), "more": more})
            yield hit if len(sites) == 1 else replace(hit, trail=_listed(sites))


def _calls_by_peer(project: Project, wanted: Callable[[Site], bool]) -> list[list[Site]]:
    """Calls to other services on paths that serve requests or messages, one list for each client and file."""
    found: dict[tuple[object, ...], list[Site]] = {}
    for site in project.sites:
        if not site.direct or not site.certain or site.effects.isdisjoint(_FAR) or site.context.in_handler:
            continue
        entry = project.serves(site.function)
        if entry is None or entry.kind == "task" or not wanted(site):
            continue
        peer = (site.made_at,) if site.made_at is not None else (site.operation.partition(".")[0], site.place.path)
        found.setdefault(peer, []).append(site)
    return list(found.values())


def _others(sites: list[Site]) -> str:
    """How many calls beside the first are meant, in words."""
    more = len(sites) - 1
    return "" if more == 0 else " and 1 call like it" if more == 1 else f" and {more} calls like it"


def _listed(sites: list[Site]) -> tuple[Step, ...]:
    """The calls that one finding stands for, the first few."""
    return tuple(Step(site.place, f"calls `{site.call}`") for site in sites[:_SHOWN])


def is_under(project: Project, site: Site, kind: str) -> bool:
    """Whether a retry or breaker is held around a call, in its own function or by a caller."""
    return any(region.kind == kind for region in site.context.regions) or kind in project.guarded.get(
        site.function, frozenset()
    )
