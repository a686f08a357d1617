"""The system: services and what they offer, stores, externals, and the edges between them with their evidence."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .findings import Gap
from .journeys import Judgement, Policy
from .settings import Confidence
from .source import Place

__all__ = ["UNKNOWN", "Call", "Edge", "Endpoint", "External", "Kind", "Policy", "Service", "Side", "Store", "System"]

Kind: TypeAlias = Literal["sync", "async", "store"]
Side: TypeAlias = Literal["", "infra", "test"]
"""What stands beside the request paths: registries, tracing and consoles; load generators and seeds."""

UNKNOWN = "?"
"""The target of a call whose address nobody can know from the files; the edge says why."""


class Endpoint(msgspec.Struct, frozen=True):
    """Something that a service offers: a route, a method of a remote interface, a consumer, a task."""

    name: str  # as a reader would say it: "POST /orders", "Orders.Place", "task send_mail"
    kind: Literal["http", "grpc", "rpc", "message", "task", "schedule", "websocket"]
    place: Place
    handler: str = ""  # qualified name of the function
    verb: str = ""
    path: str = ""
    topics: tuple[str, ...] = ()


class Service(msgspec.Struct, frozen=True):
    """Something that runs: by the name its deployment gives it, with the folder of its code, "" without code here."""

    name: str
    aliases: tuple[str, ...] = ()
    role: Literal["service", "gateway"] = "service"
    path: str = ""
    language: str = ""
    place: Place | None = None
    endpoints: tuple[Endpoint, ...] = ()
    side: Side = ""
    copies: int = 0  # how many of it run, 0 when no file says


class Store(msgspec.Struct, frozen=True):
    """A database, cache, broker or bucket; `product` is its kind: "postgresql", "redis", "rabbitmq".

    `cache`: what it keeps can be made again.
    """

    name: str
    product: str = ""
    aliases: tuple[str, ...] = ()
    place: Place | None = None
    side: Side = ""
    cache: bool = False


class External(msgspec.Struct, frozen=True):
    """A peer outside of what was read: a host on the internet, or infrastructure that nobody here wrote."""

    name: str
    aliases: tuple[str, ...] = ()
    side: Side = ""


class Call(msgspec.Struct, frozen=True):
    """One place in code that makes the call of an edge.

    `endpoints` of the caller from which it is reached, and for each in `turns` the line and column of every call on the
    way from its handler to this one, by which calls are put in order. `verb` and `path` of the request, or the method
    in `path`.
    `looped`: once per item; `unused`: the answer is thrown away; `writes`: it changes data; `tables` that it names.
    `mixed`: it goes to several addresses for several endpoints, and nobody can tell which to which.
    """

    place: Place
    operation: str = ""
    endpoints: tuple[str, ...] = ()
    verb: str = ""
    path: str = ""
    policy: Policy = Policy()
    looped: bool = False
    unused: bool = False
    awaited: bool = True  # somebody waits for it
    fallback: bool = False  # an error of it is handled without failing the caller
    writes: bool | None = None
    tables: tuple[str, ...] = ()
    mixed: bool = False
    turns: tuple[tuple[int, ...], ...] = ()


class Edge(msgspec.Struct, frozen=True):
    """Who calls whom. For a broker: `role` tells publishing from consuming, `topics` what about.

    `evidence` begins with the calling place; without `calls` the edge is known from configuration alone. An edge to
    "?" says `because`.
    """

    source: str
    target: str
    kind: Kind
    protocol: str
    calls: tuple[Call, ...] = ()
    policy: Policy = Policy()
    evidence: tuple[Place, ...] = ()
    confidence: Confidence = "high"
    role: Literal["", "publish", "consume"] = ""
    topics: tuple[str, ...] = ()
    side: Side = ""
    because: str = ""
    database: str = ""

    @property
    def known(self) -> bool:
        """Whether its target could be found."""
        return self.target != UNKNOWN


class System(msgspec.Struct, frozen=True):
    """Everything that was recovered, in a stable order."""

    services: tuple[Service, ...] = ()
    stores: tuple[Store, ...] = ()
    externals: tuple[External, ...] = ()
    edges: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()
    judgement: Judgement = Judgement()

    def service(self, name: str) -> Service | None:
        """The service of that name or alias."""
        return next((one for one in self.services if name == one.name or name in one.aliases), None)
