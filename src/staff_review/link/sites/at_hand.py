"""Calls to an address on the same machine that is written out: no network stands between, and mostly one owner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Const, Expr, Sequence, Text
from ...nouns.source import Place
from ..calls.graph import Graph
from ..calls.peers import has_peer_here
from . import Sites

_HERE = re.compile(
    r"(?:[\w+]+://(?:[^@/\s]*@)?)?(?:localhost|127(?:\.\d+){3}|\[?::1\]?)(?:[:/].*)?|/.*\.sock(?:et)?", re.DOTALL
)
"""A loopback address with or without a scheme, or the path of a socket in the file system."""


def at_hand(graph: Graph, sites: Sites) -> Iterator[Place]:
    """The calls that leave the process for such an address, as an argument of theirs or their object's making says."""
    for (path, index), site in sites.by_call.items():
        if site.remote and site.direct:
            call = graph.program.opened[path].calls[index]
            said = (_beginning(argument.value) for argument in call.arguments[:2] if not argument.spread)
            written = any(one is not None and _HERE.fullmatch(one) for one in said)
            if written or any(has_peer_here(graph.program, one.receiver) for one in graph.of(path, index)):
                yield site.place


def _beginning(expr: Expr) -> str | None:
    """The literal text that an address begins with, or the host of a pair."""
    if isinstance(expr, Text):
        return _beginning(expr.parts[0]) if expr.parts else None
    if isinstance(expr, Sequence):
        return _beginning(expr.items[0]) if expr.items else None
    return expr.value if isinstance(expr, Const) and isinstance(expr.value, str) else None
