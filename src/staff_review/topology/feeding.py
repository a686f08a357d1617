"""Edges that no code makes: a platform calls a function with a queue's messages, a clock puts tasks into a queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ..nouns.system import Edge
from .addresses import addresses_in
from .known import Known
from .members import Member
from .peers import Peers


def feeding_edges(members: list[Member], peers: Peers) -> Iterator[Edge]:
    """Every queue, topic and stream with those that its messages are given to."""
    for member in members:
        for unit in member.units:
            for text in unit.takes:
                peer = next((found for one in addresses_in(text) if (found := peers.at(one, member)) is not None), None)
                peer = peer or peers.named(text, member)
                if peer is not None and peer is not member and peer.product is not None and peer.stored:
                    yield Edge(
                        source=member.name,
                        target=peer.name,
                        kind="async",
                        protocol=peer.product.protocol,
                        evidence=(unit.place,),
                        confidence="high",
                        role="consume",
                        topics=(peer.name,),
                    )


def alike_edges(members: list[Member], edges: Iterable[Edge]) -> Iterator[Edge]:
    """All edges; messages whose broker nobody knows go over the one that others with the same code use for them."""
    listed = list(edges)
    roots = {member.name: member.root for member in members if member.root is not None}
    over: dict[tuple[str | None, str], dict[str, Edge]] = {}
    for edge in listed:
        if edge.kind == "async" and edge.role and edge.known and edge.source in roots:
            for library in _libraries(edge):
                over.setdefault((roots[edge.source], library), {}).setdefault(edge.target, edge)
    for edge in listed:
        beside = [over.get((roots.get(edge.source), library), {}) for library in _libraries(edge)]
        brokers = {target: one for found in beside for target, one in found.items()}
        if edge.kind == "async" and edge.role and not edge.known and len(brokers) == 1:
            target, other = next(iter(brokers.items()))
            yield replace(edge, target=target, protocol=other.protocol, because="", confidence="medium")
        else:
            yield edge


def _libraries(edge: Edge) -> list[str]:
    """The libraries by whose operations messages are sent or taken."""
    return list(dict.fromkeys(call.operation.partition(".")[0] for call in edge.calls if call.operation))


def clock_edges(members: list[Member], known: Known, edges: Iterable[Edge]) -> Iterator[Edge]:
    """What only says when tasks are due: with the one broker, and the one database of times, of those with its code."""
    brokers: dict[str, dict[str, Edge]] = {}
    databases: dict[str, dict[str, Edge]] = {}
    for edge in edges:
        if edge.kind == "async" and edge.role and edge.known:
            brokers.setdefault(edge.source, {})[edge.target] = edge
        elif edge.kind == "store" and edge.known and not known.is_cache(edge.protocol):
            databases.setdefault(edge.source, {})[edge.target] = edge
    for member in members:
        line = member.command
        if member.root is None or not known.commands.means(line, "schedules") or not known.commands.application(line):
            continue
        beside = [one.name for one in members if one.root == member.root]
        place = (member.units[0].place,)
        broker, database = _only(brokers, beside), _only(databases, beside)
        if broker is not None and not brokers.get(member.name):
            over = broker.protocol
            yield Edge(member.name, broker.target, "async", over, evidence=place, confidence="medium", role="publish")
        if database is not None and not databases.get(member.name) and known.commands.means(line, "stored-times"):
            yield Edge(member.name, database.target, "store", database.protocol, evidence=place, confidence="medium")


def _only(over: dict[str, dict[str, Edge]], names: Iterable[str]) -> Edge | None:
    """The edge to the one target that some services have between them, None for none or several."""
    targets = {target: edge for name in names for target, edge in over.get(name, {}).items()}
    return next(iter(targets.values())) if len(targets) == 1 else None
