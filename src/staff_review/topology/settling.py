"""What linked calls leave open, settled by what the code and its configuration mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from ..nouns.libraries import Effect
from ..nouns.products import Product
from ..nouns.system import Edge
from .known import LINKED, Known
from .members import Member
from .speaking import Speaking
from .unasked import GIVEN, HERE, NEEDED

_UNASKED = {GIVEN: 0, HERE: 2, NEEDED: 3}
"""Mentions that say nothing by themselves, and only which peer an open call may mean; how near they come to saying it.

What code and configuration name stands between them.
"""
_NAMED = 1

_ASKS = {
    "sql": Effect.DATABASE,
    "cache": Effect.CACHE,
    "queue": Effect.QUEUE,
    "task": Effect.QUEUE,
    "storage": Effect.STORAGE,
}
"""What a call asks for, by the protocol that stands for it as long as nobody knows the peer."""


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


def settled(
    calls: list[Edge], mentions: list[Edge], members: list[Member], known: Known, speaking: Speaking
) -> Iterator[Edge]:
    """All edges: calls first, then mentions that say something new; open calls take the one mention that fits them."""
    brokers = {member.name for member in members if member.part == "broker"}
    mentions = list(_through_one_broker(calls, mentions, brokers))
    said = {(edge.source, edge.target) for edge in calls if edge.known}
    named = {member.name: member for member in members}
    by_source: dict[str, list[Edge]] = {}
    for mention in mentions:
        by_source.setdefault(mention.source, []).append(mention)
    products = {
        one.target: named[one.target].product if one.target in named else known.named(one.target) for one in mentions
    }
    over_broker = {edge.source for edge in calls if edge.protocol == "rpc"}
    open_sync = {edge.source for edge in calls if not edge.known and edge.kind == "sync"}
    taken: set[tuple[str, str]] = set()
    for edge in calls:
        is_open = not edge.known and edge.kind != "sync"
        fitting = _fitting(edge, by_source.get(edge.source, ()), brokers, products) if is_open else None
        if fitting is not None:
            taken.add((fitting.source, fitting.target))
            yield _fitted(edge, fitting)
        else:
            yield _driven(edge, members, speaking) if is_open else edge
    for mention in mentions:
        if (mention.source, mention.target) in said | taken:
            continue
        driven = mention.because in (GIVEN, NEEDED) and speaking.drives(mention.source, mention.target)
        if mention.because in _UNASKED and not driven:
            continue
        if (
            mention.because in (*LINKED, "configuration")
            and mention.target in brokers
            and mention.source in over_broker
        ):
            continue  # its messages carry the calls that are known already
        stored = mention.target in named and named[mention.target].stored
        if mention.because in LINKED and not _is_spoken(mention, stored=stored, open_sync=open_sync, speaking=speaking):
            continue
        yield replace(mention, because="")


def _fitted(edge: Edge, fitting: Edge) -> Edge:
    """An open call to the store that a mention names."""
    kind = "async" if fitting.kind == "async" and edge.kind == "async" else edge.kind if edge.role else fitting.kind
    return replace(
        edge, target=fitting.target, kind=kind, protocol=fitting.protocol, because="", confidence="medium",
        evidence=(*edge.evidence, *fitting.evidence), database=fitting.database,
        role=edge.role if kind == "async" else "",
    )  # fmt: skip


def _driven(edge: Edge, members: list[Member], speaking: Speaking) -> Edge:
    """An open call to the product that the code has the one driver for: to the one that is deployed, or somebody's."""
    asked = _ASKS.get(edge.protocol)
    product = speaking.driver(edge.source, asked) if asked is not None else None
    deployed = [one for one in members if one.stored and one.product is not None and product == one.product]
    if product is None or len(deployed) > 1:
        return edge
    name = deployed[0].name if deployed else product.name
    return replace(edge, target=name, protocol=product.protocol, because="", confidence="low")


def _is_spoken(mention: Edge, *, stored: bool, open_sync: set[str], speaking: Speaking) -> bool:
    """Whether the code of a linked service can make the call that a mention stands for."""
    if stored:
        return speaking.with_(mention.source, mention.target)
    return mention.source in open_sync or speaking.by_its_library(mention.source, mention.target)


def _through_one_broker(calls: list[Edge], mentions: list[Edge], brokers: set[str]) -> Iterator[Edge]:
    """Mentions, where a store that could carry messages only stores for a service that has a broker for them."""
    said = (edge for edge in (*calls, *mentions) if edge.because not in (GIVEN, NEEDED))
    brokered = {edge.source for edge in said if edge.kind == "async" and edge.target in brokers}
    for mention in mentions:
        if mention.kind == "async" and mention.target not in brokers and mention.source in brokered:
            yield replace(mention, kind="store", role="", topics=())
        else:
            yield mention


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


def _fitting(
    edge: Edge, mentions: Iterable[Edge], brokers: set[str], products: Mapping[str, Product | None]
) -> Edge | None:
    """The one store that an open call must mean: of the kind it asks for, and the only such one that is mentioned.

    Messages go to a broker where one is mentioned, and only else to a cache that can carry them; a query to another
    kind of database only where no relational one is. The surest mentions decide.
    """
    asked = _ASKS.get(edge.protocol)
    found = [
        mention
        for mention in mentions
        if mention.kind != "sync" and (product := products[mention.target]) is not None and asked in product.effects
    ]
    if asked is Effect.DATABASE:
        alike = [mention for mention in found if mention.protocol == edge.protocol]
        found = alike or [mention for mention in found if mention.because not in (GIVEN, NEEDED)]
    if asked is Effect.QUEUE:
        found = [one for one in found if edge.protocol != "task" or _carries_tasks(products[one.target])]
        found = [mention for mention in found if mention.target in brokers] or found
    for rank in sorted({_UNASKED.get(mention.because, _NAMED) for mention in found}):
        named = {one.target: one for one in found if _UNASKED.get(one.because, _NAMED) == rank}
        if len(named) == 1:
            return next(iter(named.values()))
        if rank >= _NAMED:
            break
    return None


def _carries_tasks(product: Product | None) -> bool:
    return product is None or product.tasks
