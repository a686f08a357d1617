"""The map in sentences, for a reader that sees no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..nouns.journeys import Chain
from ..nouns.system import Edge, Service, System
from .map_words import counts, label_of, shown_edges, shown_externals, worst_in_words
from .tally import counted, listed

_MOST_EDGES = 300
_MOST_SERVICES = 100
_MOST_CHAINS = 8
_MOST_UNKNOWN = 12
_MOST_NEIGHBOURS = 12


def known_edges(system: System) -> list[Edge]:
    """The edges whose ends are known, as far as the sentences name them."""
    return [edge for edge in shown_edges(system) if edge.known][:_MOST_EDGES]


def described(system: System) -> str:
    """How much there is, each service and store, who calls whom, and the longest ways of a request."""
    unknown = [edge for edge in shown_edges(system) if not edge.known][:_MOST_UNKNOWN]
    ranked = sorted(system.judgement.chains, key=lambda one: (-len(one.legs), -(one.seconds or 0), one.endpoint))
    parts = {
        "Services": [_service(one) for one in system.services[:_MOST_SERVICES]],
        "Stores": [_beside(one.name, one.product, one.side) for one in system.stores],
        "Outside": [_beside(one.name, "", one.side) for one in shown_externals(system)],
        "Edges": _edges(known_edges(system)),
        "Calls whose peer is not known": [f"{edge.source}, {edge.because}" for edge in unknown],
        "Requests that wait in a row": [_chain(chain) for chain in ranked[:_MOST_CHAINS] if len(chain.legs) > 1],
    }
    blocks = (f"{title}:\n" + "\n".join(f"- {one}" for one in rows) for title, rows in parts.items() if rows)
    return "\n\n".join([counts(system), *blocks])


def neighbours(system: System, path: str) -> tuple[str, ...]:
    """Which services a file is part of, who calls these, and what they call; nothing for a file of none."""
    owners = [one for one in system.services if one.path and (one.path == "." or path.startswith(f"{one.path}/"))]
    longest = max((len(one.path) for one in owners), default=0)
    mine = [one for one in owners if len(one.path) == longest]
    among = sum(1 for one in system.services if not one.side)
    if not mine or len(system.services) < 2:
        return ()
    own = {one.name for one in mine}
    edges = [edge for edge in shown_edges(system) if edge.known]
    if len(mine) == 1:
        who, verbs = f"`{mine[0].name}`", ("is called by", "calls")
        said = [f"This file is part of the service {_service(mine[0])}; it is 1 of {counted(among, 'service')}."]
    else:
        who, verbs = "Each of them or some", ("are called by", "call")
        names = listed([_service(one) for one in mine])
        said = [f"This file is part of {len(mine)} of {among} services, which run the same code: {names}."]
    if into := _ends((edge.source, edge) for edge in edges if edge.target in own and edge.source not in own):
        said.append(f"{who} {verbs[0]} {into}.")
    if out := _ends((edge.target, edge) for edge in edges if edge.source in own and edge.target not in own):
        said.append(f"{who} {verbs[1]} {out}.")
    return tuple(said)


def _edges(edges: Iterable[Edge]) -> list[str]:
    """A line for each target and what is known of the way there, with all that go it."""
    sources: dict[str, list[str]] = {}
    for edge in edges:
        sources.setdefault(f"-> {edge.target}: {', '.join(_facts(edge))}", []).append(edge.source)
    return [f"{', '.join(dict.fromkeys(names))} {way}" for way, names in sources.items()]


def _facts(edge: Edge) -> Iterator[str]:
    yield edge.kind
    yield label_of(edge)
    if edge.kind == "sync" and edge.calls and edge.policy.state == "unknown":
        yield "limit not known"
    if edge.role:
        yield {"publish": "sends", "consume": "receives"}[edge.role]
    if not edge.calls:
        yield "from configuration alone"
    elif edge.confidence != "high":
        yield f"{edge.confidence} confidence"


def _ends(edges: Iterable[tuple[str, Edge]]) -> str:
    found = list(dict.fromkeys(f"`{name}` ({label_of(edge)})" for name, edge in edges))
    more = [f"{len(found) - _MOST_NEIGHBOURS} more"] if len(found) > _MOST_NEIGHBOURS else []
    return ", ".join([*found[:_MOST_NEIGHBOURS], *more])


def _service(service: Service) -> str:
    copies = [counted(service.copies, "replica")] if service.copies else []
    offers = [counted(len(service.endpoints), "endpoint")] if service.endpoints else []
    role = [service.role] if service.role != "service" else []
    language = [service.language] if service.language else []
    return _beside(service.name, ", ".join([*role, *language, *copies, *offers]), service.side)


def _beside(name: str, facts: str, side: str) -> str:
    """A name with what is known of it, and whether it stands beside the ways of requests."""
    aside = {"infra": "infrastructure, not of this team", "test": "for tests"}.get(side, "")
    known = ", ".join(filter(None, [facts, aside]))
    return f"{name}: {known}" if known else name


def _chain(chain: Chain) -> str:
    of = f" for {chain.endpoint}" if chain.endpoint else ""
    tries = f", and the last is called up to {chain.attempts} times" if chain.attempts > 1 else ""
    tries = ", retried without end" if chain.endless else tries
    return f"{' -> '.join(chain.services)}{of}: {worst_in_words(chain)}{tries}"
