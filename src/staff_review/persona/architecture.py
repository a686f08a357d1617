"""The note on the system as a whole: only names and arrows that the map has."""

from __future__ import annotations

import re

import msgspec

from ..nouns.findings import ArchitectureNote, Dropped, TradeOff
from ..nouns.rulebook import Persona
from .plain import plain
from .schemas import SaidNote

_MOST_EDGES = 12
_MOST_LISTED = 3
_BACKTICKED = re.compile(r"`([^`\n]+)`")
_NOT_IN_MAP = "the map has no such edge"
_UNKNOWN_NAME = "it names what the map does not have"


class MapSummary(msgspec.Struct, frozen=True):
    """A map of the system in words, and its edges by the names of their ends, as far as a note may draw them.

    `mentioned` is what the engine found about it, a line each.
    """

    text: str
    edges: tuple[tuple[str, str], ...] = ()
    mentioned: tuple[str, ...] = ()


def note_of(said: SaidNote, summary: MapSummary, persona: Persona) -> tuple[ArchitectureNote | None, list[Dropped]]:
    """The note as it may be shown, None for none, and what was dropped of it."""
    dropped: list[Dropped] = []
    text = plain(said.note, 1_200)
    if not text:
        return None, dropped
    if not _known(text, summary):
        return None, [Dropped("the map", 0, text, _UNKNOWN_NAME)]
    known = set(summary.edges)
    edges = list(dict.fromkeys((edge.source, edge.target) for edge in said.edges))
    dropped += [Dropped("the map", 0, plain(f"{a} -> {b}", 200), _NOT_IN_MAP) for a, b in edges if (a, b) not in known]
    trade_offs = [
        TradeOff(plain(one.choice, 200), plain(one.gains, 300), plain(one.costs, 300)) for one in said.trade_offs
    ]
    return (
        ArchitectureNote(
            persona=persona.name,
            text=text,
            trade_offs=tuple(one for one in trade_offs if one.choice)[:_MOST_LISTED],
            alternatives=tuple(filter(None, (plain(one, 300) for one in said.alternatives)))[:_MOST_LISTED],
            edges=tuple(edge for edge in edges if edge in known)[:_MOST_EDGES],
            hand_to=said.hand_to if said.hand_to in persona.hands_to else "",
        ),
        dropped,
    )


def _known(text: str, summary: MapSummary) -> bool:
    names = {name for edge in summary.edges for name in edge}
    texts = (summary.text, *summary.mentioned)
    return all(ticked in names or any(ticked in one for one in texts) for ticked in _BACKTICKED.findall(text))
