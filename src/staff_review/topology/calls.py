"""Edges from linked calls: each call with the services that run it and the peer that its address means there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..nouns.deployment import Mesh
from ..nouns.journeys import Policy
from ..nouns.libraries import Effect
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.site import Handler, Site
from ..nouns.source import Place
from ..nouns.system import UNKNOWN, Call, Edge, Kind
from ..nouns.targets import Offer, Origin, Target
from .ends import End, Ends
from .environment import Environments
from .members import Member
from .ownership import Ownership
from .peers import Peers, is_outside
from .policies import Policies

_KINDS: tuple[tuple[Effect, Kind, str], ...] = (
    (Effect.RPC, "sync", "grpc"),
    (Effect.QUEUE, "async", "queue"),
    (Effect.DATABASE, "store", "sql"),
    (Effect.CACHE, "store", "cache"),
    (Effect.STORAGE, "store", "storage"),
    (Effect.HTTP, "sync", "http"),
    (Effect.CLOUD, "sync", "http"),
    (Effect.MAIL, "sync", "smtp"),
    (Effect.SOCKET, "sync", "tcp"),
)
_WRITES = re.compile(r"(?i)\s*(?:insert|update|delete|replace|merge|truncate|upsert)\b")
_TABLES = re.compile(r"(?i)\b(?:from|into|update|join|table)\s+[\"'`\[]?([a-z_][\w.]*)")
_LOST = frozenset({"builtins.OSError", "builtins.ConnectionError", "builtins.TimeoutError"})
_MOST = 24


class Calls:
    """Turns targets into edges."""

    def __init__(
        self,
        project: Project,
        members: list[Member],
        environments: Environments,
        peers: Peers,
        ownership: Ownership,
        meshes: tuple[Mesh, ...],
    ) -> None:
        self._project = project
        self._members = members
        self._known = peers.known
        self._ends = Ends(project, environments, peers, ownership)
        self._ownership = ownership
        self._sites: Mapping[Place, Site] = {site.place: site for site in project.sites}
        self._looped = _looped(project)
        self._policies = Policies(project, meshes)
        self._handlers: dict[Origin, list[str]] = {}
        for offer in project.offers:
            self._handlers.setdefault(Origin(offer.place.path, offer.function), []).append(offer.name)

    def edges(self) -> Iterator[Edge]:
        """Every edge of every live call; an address that nobody can know leads to "?"."""
        for target in self._project.targets:
            for member in self._ownership.running(target):
                if not target.dead or self._ownership.starts(member, target):
                    yield from self._edges(member, target)
        for offer in self._project.offers:
            if offer.kind in ("message", "task"):
                yield from self._taken(offer)

    def channels(self) -> Iterator[Edge]:
        """The services that channels are opened to, where stubs are chosen by name or handed on and no call shows."""
        for opening in self._project.openings:
            if Effect.RPC not in opening.effects:
                continue
            for member in self._ownership.running(opening):
                for end in self._ends.of(member, opening)[:_MOST]:
                    if end.address is None or end.peer is None or end.peer is member:
                        continue
                    if end.peer.part in ("service", "gateway"):
                        yield Edge(
                            source=member.name, target=end.peer.name, kind="sync", protocol="grpc",
                            evidence=(opening.place, *end.settings), confidence="medium", because="interface",
                            side="test" if member.load else "",
                        )  # fmt: skip

    def _taken(self, offer: Offer) -> Iterator[Edge]:
        """A handler of messages or tasks: whoever runs it takes them from a broker, which its configuration names."""
        target = Target(
            offer.place, offer.decorator, frozenset({Effect.QUEUE}), offer.function, topics=offer.topics, role="consume"
        )
        for member in self._ownership.working(target):
            named = (offer.function.rpartition(".")[2],) if offer.kind == "task" else ()
            topics = self._topics(member, target) or named
            end = next((end for one in topics if (end := self._ends.described(member, one)) is not None), None)
            end = end or self._ends.broker(member, target)
            broker = end.peer if end is not None else None
            product = broker.product if broker is not None else None
            unknown = "task" if self._is_task(target) else "queue"
            yield Edge(
                source=member.name,
                target=broker.name if broker is not None else UNKNOWN,
                kind="async",
                protocol=product.protocol if product is not None else unknown,
                calls=(Call(offer.place, offer.decorator, endpoints=(offer.name,)),),
                evidence=(offer.place, *(end.settings if end is not None else ())),
                role="consume",
                topics=topics,
                because="" if broker is not None else "which broker it listens to is set nowhere that was read",
            )

    def _edges(self, member: Member, target: Target) -> Iterator[Edge]:
        kind, protocol = next(
            ((kind, protocol) for effect, kind, protocol in _KINDS if effect in target.effects), ("sync", "http")
        )
        found = self._ends.of(member, target)
        for end in found[:_MOST]:
            if end.peer is member or (end.peer is None and not target.linked):
                continue
            yield self._edge(member, target, end, kind, protocol)

    def _edge(self, member: Member, target: Target, end: End, kind: Kind, protocol: str) -> Edge:
        peer, address = end.peer, end.address
        if peer is not None and peer.root is None and peer.product is None and target.product:
            peer.product = self._known.named(target.product)
        product = (peer.product if peer is not None else None) or (self._known.spoken_at(address) if address else None)
        if target.role and (product is None or product.part in ("broker", "store")) and kind != "sync":
            kind = "async"
        elif peer is not None and peer.stored:
            kind = "async" if peer.part == "broker" or target.effects == {Effect.QUEUE} else "store"
        elif peer is not None and kind == "store":
            kind = "sync"
        protocol = target.protocol or ("task" if self._is_task(target) else protocol)
        if product is not None and kind != "sync":
            protocol = product.protocol
        host = (address.host,) if address is not None else ()
        policy = self._policies.of(target.place, peer.answers_to() if peer is not None else host)
        name = peer.name if peer is not None else address.host if address is not None else UNKNOWN
        return Edge(
            source=member.name,
            target=name,
            kind=kind,
            protocol=protocol,
            calls=(self._call(target, policy, end, kind),),
            policy=policy,
            evidence=(target.place, *end.settings),
            confidence=_confidence(end) if target.linked else "medium",
            role=target.role if kind == "async" else "",
            topics=self._topics(member, target),
            side="infra"
            if (peer is not None and peer.part == "infra") or _is_metadata(name)
            else "test"
            if member.load
            else "",
            because=end.because,
            database=address.path.rpartition("/")[2] if address is not None and kind == "store" else "",
        )

    def _is_task(self, target: Target) -> bool:
        """Whether a message is a task, of a library that runs such."""
        return Effect.QUEUE in target.effects and target.operation.partition(".")[0] in self._ends.tasking

    def _call(self, target: Target, policy: Policy, end: End, kind: Kind) -> Call:
        address = end.address
        site = self._sites.get(target.place)
        span = target.place.span
        turns: dict[str, tuple[int, ...]] = {}
        for origin, way in target.origins.items():
            for name in self._handlers.get(origin, ()):
                turns.setdefault(name, (*way, span.line, span.column))
        writes = _WRITES.match(target.statement) is not None if target.statement else None
        return Call(
            place=target.place,
            operation=target.operation,
            endpoints=tuple(turns),
            verb=target.verb,
            path=target.method if target.logical else (address.path if address is not None else end.path),
            policy=policy,
            looped=target.place in self._looped,
            unused=site is not None and site.discarded,
            awaited=site is None or not site.scheduled,
            fallback=site is not None and self._does_without(site),
            writes=writes,
            tables=tuple(sorted({one.lower() for one in _TABLES.findall(target.statement)})) if kind == "store" else (),
            mixed=kind == "sync" and len(target.addresses) > 1 and len(turns) > 1,
            turns=tuple(turns.values()),
        )  # fmt: skip

    def _does_without(self, site: Site) -> bool:
        """Whether a failure of the call ends in a handler, and what comes after it goes on.

        What the handler of an endpoint itself returns may be the error, that of a helper is its value without the peer.
        """
        outermost = Origin(site.place.path, site.function.qualified) in self._handlers
        ends = {"raises", "returns"} if outermost else {"raises"}
        return any(_catches(handler, site) and handler.does.isdisjoint(ends) for handler in site.context.handlers)

    def _topics(self, member: Member, target: Target) -> tuple[str, ...]:
        texts = [
            text for one in target.topics for text, _, _ in self._ends.rendered(member, one) if text and "{" not in text
        ]
        plain = list(dict.fromkeys(self._ends.shown(member, text) for text in texts))
        return tuple(dict.fromkeys(["/".join(plain[:2])] * (len(plain) > 1) + plain))


def _catches(handler: Handler, site: Site) -> bool:
    """Whether a handler is for failures of a peer: every error, one of the call's own library, or of connections."""
    root = site.operation.partition(".")[0]
    return handler.broad or any(name in _LOST or name.partition(".")[0] == root for name in handler.catches)


def _confidence(end: End) -> Confidence:
    if end.peer is not None:
        return "high" if end.address is not None or not end.guessed else "medium"
    return "high" if end.address is not None and is_outside(end.address) else "medium"


def _looped(project: Project) -> frozenset[Place]:
    """The places of calls that are made once per item: in a loop, or by a function that is called in one."""
    found: set[Place] = set()
    for site in project.sites:
        if any(not loop.few and not loop.batched and loop.form != "retry" for loop in site.context.loops):
            found.add(site.place)
            found.update(step.place for way in site.ways.values() for step in way.trail)
    return frozenset(found)


def _is_metadata(name: str) -> bool:
    """Whether a host is the cloud's own metadata server."""
    return name.startswith(("metadata.", "169.254."))
