"""Edges that only say which peer an open call may mean: what is near a service, and no call names."""

from __future__ import annotations

from pathlib import PurePosixPath

from ..nouns.source import Place
from ..nouns.system import Edge
from .addresses import Address
from .members import Member

HERE = "this machine"
"""Why an edge that is mentioned counts only for calls whose peer is open: its address is this machine's."""
GIVEN = "environment"
"""The same of a store that a service's environment holds the address of, whatever the code calls that setting."""
NEEDED = "start"
"""The same of a store that a service waits for before it starts."""


def unasked(member: Member, peer: Member, place: Place, because: str, address: Address | None = None) -> Edge:
    """An edge to a store that only a call can ask for."""
    return Edge(
        source=member.name,
        target=peer.name,
        kind="async" if peer.part == "broker" else "store",
        protocol=peer.product.protocol if peer.product is not None else "",
        evidence=(place,),
        confidence="low",
        because=because,
        database=PurePosixPath(address.path).name if address is not None and peer.part == "store" else "",
    )
