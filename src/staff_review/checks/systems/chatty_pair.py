"""Several calls to one service within one request."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import hit_along, least_sure, request_of


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Endpoints that ask one peer three times or more."""
    for chat in system.judgement.chats:
        legs = tuple(sorted(chat.legs, key=lambda leg: leg.place))
        names = {"request": request_of(legs[0]), "peer": chat.peer, "count": str(len(legs))}
        yield hit_along("chatty-pair", system, legs[:1], names, confidence=least_sure(system, legs))
