"""Edges that no code makes: a platform calls a function with a queue's messages, a clock puts tasks into a queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def clock_edges(members: list[Member], known: Known, edges: Iterable[Edge]) -> Iterator[Edge]:
    """What only says when tasks are due, with the one broker over which others with the same code get theirs."""
    over: dict[str, dict[str, str]] = {}
    for edge in edges:
        if edge.kind == "async" and edge.role and edge.known:
            over.setdefault(edge.source, {})[edge.target] = edge.protocol
    for member in members:
        line = member.command
        if member.root is None or not known.commands.means(line, "schedules") or not known.commands.application(line):
            continue
        beside = [one.name for one in members if one.root == member.root]
        brokers = {target: protocol for name in beside for target, protocol in over.get(name, {}).items()}
        if len(brokers) == 1 and not over.get(member.name):
            target, protocol = next(iter(brokers.items()))
            place = member.units[0].place
            yield Edge(member.name, target, "async", protocol, evidence=(place,), confidence="medium", role="publish")
