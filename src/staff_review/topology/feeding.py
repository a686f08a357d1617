"""Edges that a platform makes: it calls a function with the messages of a queue, or puts those of a topic into one."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.system import Edge
from .addresses import addresses_in
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
