"""The map in sentences, for a reader that sees no drawing."""

from __future__ import annotations

from collections.abc import Iterable

from ..journeys import Chain
from ..system import Edge, Service, System
from .map_words import counts, label_of, seconds_in_words, shown_edges
from .tally import counted

_MOST_EDGES = 300
_MOST_SERVICES = 100
_MOST_CHAINS = 8
_MOST_NEIGHBOURS = 12


def known_edges(system: System) -> list[Edge]:
    """The edges whose ends are known, as far as the sentences name them."""
    return [edge for edge in shown_edges(system) if edge.known][:_MOST_EDGES]


def described(system: System) -> str:
    """How much there is, each service and store, a line for each edge, and the longest ways of a request."""
    services = [f"- {_service(one)}" for one in system.services[:_MOST_SERVICES] if not one.side]
    stores = [f"- {one.name}" + (f": {one.product}" if one.product else "") for one in system.stores if not one.side]
    edges = [f"- {edge.source} -> {edge.target}: {edge.kind}, {label_of(edge)}" for edge in known_edges(system)]
    ranked = sorted(system.judgement.chains, key=lambda one: (-len(one.legs), -(one.seconds or 0), one.endpoint))
    chains = [f"- {_chain(one)}" for one in ranked[:_MOST_CHAINS] if len(one.legs) > 1]
    parts = (("Services", services), ("Stores", stores), ("Edges", edges), ("Requests that wait in a row", chains))
    return "\n\n".join([counts(system), *(f"{title}:\n" + "\n".join(listed) for title, listed in parts if listed)])


def neighbours(system: System, path: str) -> tuple[str, ...]:
    """Which service a file is part of, who calls that one, and what it calls; nothing for a file of none."""
    owners = [one for one in system.services if one.path and (one.path == "." or path.startswith(f"{one.path}/"))]
    if not owners or len(system.services) < 2:
        return ()
    service = max(owners, key=lambda one: len(one.path))
    edges = [edge for edge in shown_edges(system, service.name) if edge.known]
    said = [f"This file is part of the service {_service(service)}; it is 1 of {len(system.services)} services."]
    if into := _ends((edge.source, edge) for edge in edges if edge.target == service.name):
        said.append(f"`{service.name}` is called by {into}.")
    if out := _ends((edge.target, edge) for edge in edges if edge.source == service.name):
        said.append(f"`{service.name}` calls {out}.")
    return tuple(said)


def _ends(edges: Iterable[tuple[str, Edge]]) -> str:
    found = [f"`{name}` ({label_of(edge)})" for name, edge in edges]
    more = [f"{len(found) - _MOST_NEIGHBOURS} more"] if len(found) > _MOST_NEIGHBOURS else []
    return ", ".join([*found[:_MOST_NEIGHBOURS], *more])


def _service(service: Service) -> str:
    copies = [counted(service.copies, "replica")] if service.copies else []
    offers = [counted(len(service.endpoints), "endpoint")] if service.endpoints else []
    role = [service.role] if service.role != "service" else []
    facts = ", ".join([*role, *([service.language] if service.language else []), *copies, *offers])
    return f"{service.name}: {facts}" if facts else service.name


def _chain(chain: Chain) -> str:
    waits = f"at most {seconds_in_words(chain.seconds)}" if chain.seconds is not None else "without a known bound"
    of = f" for {chain.endpoint}" if chain.endpoint else ""
    tries = f", and the last is called up to {chain.attempts} times" if chain.attempts > 1 else ""
    return f"{' -> '.join(chain.services)}{of}: {waits}{', retried without end' if chain.endless else tries}"
