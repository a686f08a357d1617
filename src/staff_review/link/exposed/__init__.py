"""What the program gives away or lets in, gathered from the opened files."""

from __future__ import annotations

from ...nouns.entries import EntryRef
from ...nouns.exposures import Exposures
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..sites import Sites
from .origins import Origins
from .passed_flags import PassedFlags
from .plain_addresses import PlainAddresses
from .queries import Queries
from .secrets import Secrets
from .sent_tokens import SentTokens
from .switches import Switches


def exposures_of(graph: Graph, sites: Sites, doings: Doings, entries: tuple[EntryRef, ...]) -> Exposures:
    """All exposures of the program."""
    origins = Origins(graph, entries)
    tokens = SentTokens(graph, doings, origins)
    return Exposures(
        secrets=tuple(Secrets(graph, sites).find()),
        plain=tuple(PlainAddresses(graph, sites).find()),
        queries=tuple(Queries(graph, sites, origins).find()),
        switches=tuple(Switches(graph, sites, doings).find()),
        sent_tokens=frozenset(tokens.find()),
        unchecked_tokens=tuple(PassedFlags(graph, sites, doings, tokens).find()),
    )
