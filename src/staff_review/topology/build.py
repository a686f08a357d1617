"""The system put together: members, then edges from linked calls, gateways and configuration."""

from __future__ import annotations

from collections import Counter

from ..nouns.deployment import Deployment
from ..nouns.products import Products
from ..nouns.project import Project
from ..nouns.system import UNKNOWN, Edge, Endpoint, External, Service, Store, System
from .calls import Calls
from .codeless import members_of_code
from .environment import Environments
from .feeding import alike_edges, clock_edges, feeding_edges
from .judging import judged
from .known import Known
from .members import Member, mark, members_of
from .mentions import Mentions
from .merging import merged
from .offering import endpoints_of
from .ownership import Ownership
from .peers import Peers
from .routes import guards_of, route_edges
from .settling import joined, settled, shared_topics
from .speaking import Speaking

_RARE = 4
"""Where one service in so many has its code here, the others are somebody else's tools, if nobody calls them."""


def system_of(project: Project, deployment: Deployment, products: Products) -> System:
    """Services, stores, externals and edges, in a stable order."""
    known = Known(products)
    members = members_of(deployment, known)
    members += members_of_code(project, deployment, members)
    mark(members, known)
    environments = Environments(deployment, members)
    ownership = Ownership(project, deployment, members, known)
    peers = Peers(members, ownership.listening(), known)
    routes = list(route_edges(deployment, members, environments, peers))
    between = (*deployment.meshes, *guards_of(routes))
    linked = Calls(project, members, environments, peers, ownership, between)
    calls = list(linked.edges())
    mentions = [*Mentions(deployment, members, environments, peers, known, ownership).edges(), *linked.channels()]
    speaking = Speaking(project, deployment, members, ownership, known)
    stored = frozenset(member.name for member in members if member.stored)
    told = alike_edges(members, settled(calls, mentions, members, known, speaking))
    said = [*shared_topics(joined(told)), *feeding_edges(members, peers)]
    said += clock_edges(members, known, said)
    edges = merged([*(edge for edge, _ in routes), *said], stored)
    gateways = {gateway.name for _, gateway in routes if gateway is not None}
    system = _system(members, edges, gateways, endpoints_of(project, ownership), deployment, known)
    return judged(system, ownership.borrowings())


def _system(
    members: list[Member],
    edges: tuple[Edge, ...],
    gateways: set[str],
    endpoints: dict[str, tuple[Endpoint, ...]],
    deployment: Deployment,
    known: Known,
) -> System:
    touched = {name for edge in edges for name in (edge.source, edge.target)}
    own = {member.name for member in members}
    publishers = _publishers(members)
    given = {group for member in members if member.root is not None for unit in member.units for group in unit.groups}
    services = tuple(
        Service(
            name=member.name,
            aliases=tuple(sorted({*member.answers_to()} - {member.name})),
            role="gateway" if member.name in gateways or member.part == "gateway" else "service",
            path=member.root or "",
            language=_language(member, deployment),
            place=member.units[0].place,
            endpoints=endpoints.get(member.name, ()),
            side="test" if member.load else "infra" if member.beside else "",
        )
        for member in members
        if _is_service(member, touched, publishers, given)
    )
    named = {service.name for service in services}
    stores = [
        Store(one.name, kind, tuple(sorted(one.aliases)), one.units[0].place, cache=known.is_cache(kind))
        for one in members
        if one.stored and one.name in touched
        for kind in (one.product.name if one.product else "",)
    ]
    outside = {
        edge.target: edge.protocol for edge in edges if edge.kind != "sync" and edge.target not in own and edge.known
    }
    stores += [Store(name, protocol, cache=known.is_cache(protocol)) for name, protocol in sorted(outside.items())]
    kept = {store.name for store in stores}
    beside = {edge.target for edge in edges if edge.side == "infra"}
    return System(
        services=services,
        stores=tuple(stores),
        externals=tuple(
            External(name, (), "infra" if name in own or name in beside else "")
            for name in sorted(touched)
            if name not in named and name not in kept and name != UNKNOWN
        ),
        edges=edges,
        gaps=deployment.gaps,
    )


def _is_service(member: Member, touched: set[str], publishers: set[str] | None, given: set[str]) -> bool:
    """Whether a member is one of the user's services.

    One without code is if it is called, built, published or given the same settings as theirs are.
    """
    if member.part in ("store", "broker", "infra"):
        return False
    if member.root is not None or member.name in touched:
        return True
    if member.part == "gateway" and any(port.published for unit in member.units for port in unit.ports):
        return True
    if member.part != "service":
        return False
    alike = any(unit.dockerfile or not given.isdisjoint(unit.groups) for unit in member.units)
    return alike or publishers is None or not publishers.isdisjoint(_owners(member))


def _publishers(members: list[Member]) -> set[str] | None:
    """Who publishes the images of services whose code is here; None where that is too few to tell theirs apart."""
    plain = [member for member in members if member.part == "service" and not member.managed]
    coded = [member for member in plain if member.root is not None]
    if len(coded) * _RARE < len(plain):
        return None
    return {owner for member in coded for owner in (member.name, *_owners(member))}


def _owners(member: Member) -> set[str]:
    """Under whose name the images of a member are published, with and without the registry."""
    heads = {head for unit in member.units if (head := unit.image.rpartition("/")[0])}
    return heads | {head.rpartition("/")[2] for head in heads}


def _language(member: Member, deployment: Deployment) -> str:
    if member.root is None:
        return ""
    prefix = f"{member.root}/" if member.root else ""
    counted = Counter(
        code.language for code in deployment.code if code.path.startswith(prefix) and code.language != "shell"
    )
    return counted.most_common(1)[0][0] if counted else ""
