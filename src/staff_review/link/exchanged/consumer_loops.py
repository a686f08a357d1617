"""Loops written by hand that take messages for ever, and whether anything ends them in order."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute
from ...nouns.project import Site
from ...nouns.signals import ConsumerLoop
from ..calls.graph import Graph
from ..files.index import FileIndex

_CLOSES = frozenset({"close", "stop", "shutdown", "aclose", "disconnect", "unsubscribe", "cleanup", "terminate"})


def consumer_loops_of(graph: Graph, sites: tuple[Site, ...]) -> Iterator[ConsumerLoop]:
    """One for each endless loop around a consuming call, in file order."""
    seen = set()
    for site in sites:
        if Act.CONSUME not in site.acts or not site.direct:
            continue
        loop = next((one for one in site.context.loops if one.form == "endless"), None)
        if loop is None or loop.place in seen:
            continue
        seen.add(loop.place)
        file = graph.program.opened[site.place.path]
        yield ConsumerLoop(loop.place, site.function, site.call, _closes(file, site.function.index))


def _closes(file: FileIndex, function: int) -> bool:
    """Whether a function has something that runs when it is ended: a `finally`, a `with`, a call that closes."""
    if any(file.facts.blocks[number].kind in ("finally", "with") for number in file.blocks_in.get(function, ())):
        return True
    return any(
        isinstance(callee := file.calls[index].callee, Attribute) and callee.name in _CLOSES
        for index in file.calls_in.get(function, ())
    )
