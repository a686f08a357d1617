"""What a change does to the map, on a terminal: edges that come, go or change, then requests that wait otherwise."""

from __future__ import annotations

from typing import TextIO

from ..nouns.findings import Introduced
from ..nouns.map_changes import EdgeChange, WaitChange
from .changes import against
from .look import Look
from .map_words import policies_in_words, wait_in_words
from .screen import Screen
from .tally import counted

NO_CHANGE = "The map stays as it was."


def render(introduced: Introduced, stream: TextIO, look: Look) -> None:
    """Write the difference."""
    screen = Screen(stream, look)
    change = introduced.map
    if not (change.edges or change.waits):
        screen.line(NO_CHANGE, "  ", (against(introduced), "quiet"))
        return
    screen.sides((("Change of the map", "heading"),), against(introduced))
    parts: list[tuple[str, list[EdgeChange]]] = [
        ("added", [one for one in change.edges if one.added]),
        ("removed", [one for one in change.edges if one.removed]),
        ("changed", [one for one in change.edges if not (one.added or one.removed)]),
    ]
    for word, edges in parts:
        if edges:
            screen.blank()
            screen.line((f"{counted(len(edges), 'edge')} {word}", "heading"))
            for edge in edges:
                _edge(screen, edge)
    if change.waits:
        screen.blank()
        screen.line(("How long requests may wait", "heading"), ("  limits times attempts on the slowest way", "quiet"))
        for wait in change.waits:
            _wait(screen, wait)


def _edge(screen: Screen, edge: EdgeChange) -> None:
    sign, style = ("+", "rule") if edge.added else ("-", "error") if edge.removed else ("~", "warning")
    before, after = policies_in_words(edge.before), policies_in_words(edge.after)
    words = after if edge.added else before if edge.removed else ""
    changed = f"{before}{_arrow(screen)}{after}" if not words and before != after else words
    asides = ", ".join(part for part in (edge.protocol, " ".join(edge.topics), changed) if part)
    place = f"  {edge.place}" if edge.place is not None else ""
    name = f"{edge.source}{_arrow(screen)}{edge.target}"
    screen.line((sign, style), " ", name, "  ", asides, (place, "quiet"), indent=2)


def _wait(screen: Screen, wait: WaitChange) -> None:
    worse = wait.after is not None and wait.after.state == "unbounded"
    request = f"{wait.service} {wait.endpoint}".rstrip()
    before, after = wait_in_words(wait.before), wait_in_words(wait.after)
    screen.line(request, "  ", before, _arrow(screen), (after, "error" if worse else ""), indent=2)
    slowest = wait.after or wait.before
    if slowest is not None:
        when = "" if wait.after is not None else "was "
        screen.line((f"{when}by way of {_arrow(screen).join(slowest.way)}", "quiet"), indent=4)


def _arrow(screen: Screen) -> str:
    return " → " if screen.look.unicode else " -> "
