"""Clients of stores and brokers, and channels, where they are made: a call elsewhere may not show which it uses."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.libraries import Effect
from ...nouns.targets import Target
from ..calls.graph import Graph
from ..files.index import FileIndex
from . import Targets

_OPENED = frozenset({Effect.DATABASE, Effect.CACHE, Effect.QUEUE, Effect.STORAGE, Effect.RPC})


def openings_of(graph: Graph, targets: Targets) -> Iterator[Target]:
    """Every making of such a client that code can reach, in file order, with the addresses it is given."""
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        for index in graph.calls_of(path):
            found = _opening(graph, targets, file, index)
            if found is not None and not found.dead:
                yield found


def _opening(graph: Graph, targets: Targets, file: FileIndex, index: int) -> Target | None:
    catalog = graph.program.catalog
    for one in graph.of(file.path, index):
        made = catalog.makings.get(one.path) if one.path else None
        client = catalog.clients.get(made) if made is not None else None
        effects = _OPENED.intersection(client.effects) if client is not None else frozenset()
        if not effects:
            continue
        call = file.calls[index]
        function = (file.path, file.facts.blocks[call.block].function)
        origins, begun = targets.origins(function)
        return Target(
            place=file.place(call.span),
            operation=one.path,
            effects=effects,
            function=file.function(function[1]).qualified,
            addresses=targets.of_making(file, index),
            product=catalog.product_of(one.path),
            origins=origins,
            begun=begun,
            dead=not begun,
        )
    return None
