"""Peers that a platform keeps under names of its own: where their descriptions say that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ..nouns.deployment import Mention
from ..nouns.source import Place
from ..nouns.system import Edge
from .addresses import Address
from .environment import Environments
from .members import Member
from .peers import Peers

_KINDS = {"state": "state", "publish": "pubsub", "subscribe": "pubsub", "bindings": "bindings"}
"""What is asked of a sidecar, by the kind of component that answers."""
_PATH = re.compile(rf"/v1\.0/(?:{'|'.join(_KINDS)})/([\w.-]+)")
_ROLES: dict[str, Literal["publish", "consume"]] = {"publish": "publish", "subscribe": "consume"}


class Components:
    """The descriptions that were read."""

    def __init__(self, environments: Environments, peers: Peers) -> None:
        self._environments = environments
        self._peers = peers

    def of(self, member: Member, name: str) -> tuple[Member | None, Address | None, Place] | None:
        """The peer behind a name: the member at an address of the description, else the product that its type says."""
        settings = self._environments.component(name)
        for one in settings:
            found = self._peers.in_text(one.name, one.value, member)
            if found is not None:
                return found[0], found[1], one.place
        kind = next((one for one in settings if one.name == "type"), None)
        if kind is None:
            return None
        product = kind.value.rpartition(".")[2]
        deployed = self._peers.of_product(product)
        if len(deployed) > 1:
            return None
        return (deployed[0], None, kind.place) if deployed else (None, Address(product), kind.place)

    def holds(self, address: Address) -> bool:
        """Whether an address on this machine asks the sidecar for a component that is described."""
        found = _PATH.match(address.path) if address.local else None
        return found is not None and bool(self._environments.component(found[1]))

    def edges(self, member: Member, mention: Mention) -> Iterator[Edge]:
        """What a sidecar is asked for: state in a store, messages over a broker.

        Where the name stays unknown, the only component of that kind is meant.
        """
        verb, _, name = mention.text.partition("/")
        named = [name] if name else self._environments.components(f"{_KINDS[verb]}.")
        found = self.of(member, named[0]) if len(named) == 1 else None
        if found is None:
            return
        peer, address, place = found
        host = address.host if address is not None else ""
        product = peer.product if peer is not None else self._peers.known.named(host)
        yield Edge(
            source=member.name,
            target=peer.name if peer is not None else host,
            kind="async" if verb in _ROLES else "store",
            protocol=product.protocol if product is not None else verb,
            evidence=(mention.place, place),
            confidence="medium",
            because="component",
            role=_ROLES.get(verb, ""),
            topics=(mention.default,) if verb in _ROLES and mention.default else (),
        )
