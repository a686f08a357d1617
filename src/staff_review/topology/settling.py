"""What linked calls leave open, settled by what the code and its configuration mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ..system import Edge
from .members import Member
from .mentions import HERE

LINKED = frozenset({"python"})
"""Languages whose calls are linked: there a service is named by a call, and a mention alone is not enough."""

_SPEAKS = {
    "sql": {"sql"}, "cache": {"redis", "memcached", "hazelcast"},
    "queue": {"amqp", "kafka", "nats", "redis", "mqtt", "pulsar", "sqs"},
    "storage": {"s3", "http"}, "mongodb": {"mongodb"},
}  # fmt: skip


def joined(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Messages whose broker nobody knows go straight from who publishes a topic to who consumes it."""
    listed = list(edges)
    open_edges = [edge for edge in listed if edge.kind == "async" and not edge.known and edge.topics]
    met: set[int] = set()
    for out in open_edges:
        for taken in open_edges:
            topics = tuple(sorted({*out.topics} & {*taken.topics}))
            if out.role == "publish" and taken.role == "consume" and topics and out.source != taken.source:
                met |= {id(out), id(taken)}
                yield replace(
                    out, target=taken.source, topics=topics, because="", role="", confidence="medium",
                    evidence=(*out.evidence, *taken.evidence),
                )  # fmt: skip
    yield from (edge for edge in listed if id(edge) not in met)


def settled(calls: list[Edge], mentions: list[Edge], members: list[Member]) -> Iterator[Edge]:
    """All edges: calls first, then mentions that say something new; open calls take the one mention that fits them."""
    said = {(edge.source, edge.target) for edge in calls if edge.known}
    named = {member.name: member for member in members}
    by_source: dict[str, list[Edge]] = {}
    for mention in mentions:
        by_source.setdefault(mention.source, []).append(mention)
    brokers = {member.name for member in members if member.part == "broker"}
    over_broker = {edge.source for edge in calls if edge.protocol == "rpc"}
    open_sync = {edge.source for edge in calls if not edge.known and edge.kind == "sync"}
    taken: set[tuple[str, str]] = set()
    for edge in calls:
        fitting = (
            _fitting(edge, by_source.get(edge.source, ()), brokers) if not edge.known and edge.kind != "sync" else None
        )
        if fitting is not None:
            taken.add((fitting.source, fitting.target))
            kind = (
                "async"
                if fitting.kind == "async" and edge.kind == "async"
                else edge.kind
                if edge.role
                else fitting.kind
            )
            yield replace(
                edge, target=fitting.target, kind=kind, protocol=fitting.protocol, because="", confidence="medium",
                evidence=(*edge.evidence, *fitting.evidence), database=fitting.database,
                role=edge.role if kind == "async" else "",
            )  # fmt: skip
        else:
            yield edge
    for mention in mentions:
        if (mention.source, mention.target) in said | taken or mention.because == HERE:
            continue
        if (
            mention.because in (*LINKED, "configuration")
            and mention.target in brokers
            and mention.source in over_broker
        ):
            continue  # its messages carry the calls that are known already
        stored = mention.target in named and named[mention.target].stored
        if mention.because in LINKED and not stored and mention.source not in open_sync:
            continue
        yield replace(mention, because="")


def shared_topics(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Topics that are only mentioned, kept where a service at the other end of the broker mentions them too."""
    listed = list(edges)
    ends: dict[tuple[str, str], set[str]] = {}
    for edge in listed:
        ends.setdefault((edge.target, edge.role), set()).update(edge.topics)
    for edge in listed:
        if edge.kind == "async" and edge.role and edge.topics and not edge.calls:
            other = ends.get((edge.target, "consume" if edge.role == "publish" else "publish"), set())
            yield replace(edge, topics=tuple(one for one in edge.topics if one in other))
        else:
            yield edge


def _fitting(edge: Edge, mentions: Iterable[Edge], brokers: set[str]) -> Edge | None:
    """The one store that an open call must mean: of the kind it speaks to, and the only such one that is mentioned.

    Messages go to a broker where one is mentioned, and only else to a cache that can carry them.
    """
    speaks = _SPEAKS.get(edge.protocol, {edge.protocol})
    found = {mention.target: mention for mention in mentions if mention.protocol in speaks and mention.kind != "sync"}
    named = {name: mention for name, mention in found.items() if mention.because != HERE}
    found = named or found
    if edge.protocol == "queue" and brokers & found.keys():
        found = {name: mention for name, mention in found.items() if name in brokers}
    if not found and edge.protocol == "sql":
        found = {
            mention.target: mention
            for mention in mentions
            if mention.kind == "store" and mention.protocol in ("mongodb", "cql")
        }
    return next(iter(found.values())) if len(found) == 1 else None
