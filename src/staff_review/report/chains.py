"""A look at the system in the report for a terminal: the worst ways of requests, and where to see the whole map."""

from __future__ import annotations

from . import Report
from .map_words import seconds_in_words
from .screen import Screen
from .tally import counted

LISTED = 3


def chains(screen: Screen, report: Report) -> None:
    """The deepest chains of services that a request waits for; nothing where there are none, or of a change."""
    found = report.system.judgement.chains if report.system is not None else ()
    if not found or report.review.introduced is not None:
        return
    whole = "staff-review map" + report.command.removeprefix("staff-review")
    shown = min(LISTED, len(found))
    about = f"  {shown} of {counted(len(found), 'chain')}, deepest first" if len(found) > shown else ""
    screen.sides((("Service map", "heading"), about), whole)
    screen.blank()
    arrow = " → " if screen.look.unicode else " -> "
    for chain in found[:LISTED]:
        worst = f"at worst {seconds_in_words(chain.seconds)}" if chain.seconds is not None else "no bound on the whole"
        screen.sides((screen.look.clean(arrow.join(chain.services)),), worst, indent=2)
    screen.blank()
