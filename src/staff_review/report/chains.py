"""A look at the system in the report for a terminal: the worst ways of requests, and where to see the whole map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..nouns.journeys import Chain
from . import Report
from .map_words import worst_in_words
from .screen import Screen
from .tally import counted, listed

LISTED = 3
_ENDPOINTS = 3


def chains(screen: Screen, report: Report) -> None:
    """The deepest chains of services that a request waits for; nothing where there are none, or of a change."""
    found = report.system.judgement.chains if report.system is not None else ()
    if not found or report.review.introduced is not None:
        return
    whole = "staff-review map" + report.command.removeprefix("staff-review")
    rows = _rows(found, " → " if screen.look.unicode else " -> ")
    about = f"  {LISTED} of {counted(len(rows), 'chain')}, deepest first" if len(rows) > LISTED else ""
    screen.sides((("Service map", "heading"), about), whole)
    screen.blank()
    for services, worst, endpoints in rows[:LISTED]:
        screen.sides((screen.look.clean(services),), worst, indent=2)
        if endpoints:
            screen.paragraph(screen.look.clean(f"for {listed(endpoints)}"), indent=4)
    screen.blank()


def _rows(chains: Sequence[Chain], arrow: str) -> list[tuple[str, str, list[str]]]:
    """The services of each way, how long it takes at worst, and the endpoints whose requests go it."""
    endpoints: dict[tuple[str, str], list[str]] = {}
    for chain in chains:
        endpoints.setdefault((arrow.join(chain.services), worst_in_words(chain)), []).append(chain.endpoint)
    return [(services, worst, _few(filter(None, names))) for (services, worst), names in endpoints.items()]


def _few(names: Iterable[str]) -> list[str]:
    unique = list(dict.fromkeys(names))
    return [*unique[:_ENDPOINTS], *([f"{len(unique) - _ENDPOINTS} more"] if len(unique) > _ENDPOINTS else [])]
