"""Functions that may give nothing by design: their callers live without the value."""

from __future__ import annotations

from ...nouns.facts import Const, Expr, Mapping, Sequence
from ...nouns.project import FunctionRef, Site
from ...nouns.source import Span
from ..calls.graph import Graph


def optional_of(graph: Graph, sites: tuple[Site, ...]) -> frozenset[FunctionRef]:
    """The functions of remote calls that return nothing or something empty on one way and a value on another."""
    first: dict[FunctionRef, Span] = {}
    for site in sites:
        if site.remote and site.direct:
            first[site.function] = min(first.get(site.function, site.place.span), site.place.span)
    return frozenset(function for function, asked in first.items() if _is_optional(graph, function, asked))


def _is_optional(graph: Graph, function: FunctionRef, asked: Span) -> bool:
    """Whether nothing is given before anybody was asked, and something after: what a peer says is not a choice."""
    file = graph.program.opened[function.path]
    given = [jump for jump in file.jumps_in.get(function.index, ()) if jump.kind == "return"]
    before = any(_is_nothing(jump.value) for jump in given if jump.span < asked)
    return before and any(not _is_nothing(jump.value) for jump in given)


def _is_nothing(value: Expr | None) -> bool:
    return value in (None, Const(None)) or (isinstance(value, (Sequence, Mapping)) and not value.items)
