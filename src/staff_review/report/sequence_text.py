"""What one endpoint does, on a terminal: a tree in the order of the calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from ..nouns.sequences import Message, Sequence
from .look import Look
from .screen import Piece, Screen
from .sequence_words import bounds, said
from .tally import counted


def render(sequence: Sequence, stream: TextIO, look: Look) -> None:
    """Write the tree."""
    screen = Screen(stream, look)
    every = list(_every(sequence.steps))
    looped = sum(1 for one in every if one.looped)
    told = f"{counted(len(every), 'step')}{f', {looped} once per item' if looped else ''}"
    head: tuple[Piece, ...] = (
        (f"{sequence.service} {sequence.endpoint}", "heading"),
        "  ",
        (str(sequence.place), "quiet"),
    )
    screen.sides(head, told)
    if not every:
        screen.line(("calls nobody", "quiet"), indent=2)
    _steps(screen, sequence.steps, "")
    if sequence.cut:
        screen.line(("and more, which is left out", "quiet"), indent=2)


def _every(steps: tuple[Message, ...]) -> Iterator[Message]:
    for one in steps:
        yield one
        yield from _every(one.steps)


def _steps(screen: Screen, steps: tuple[Message, ...], before: str) -> None:
    fork, corner, side = ("├─ ", "└─ ", "│  ") if screen.look.unicode else ("|- ", "`- ", "|  ")
    for number, one in enumerate(steps):
        last = number == len(steps) - 1
        screen.line((before + (corner if last else fork), "quiet"), *_words(one, screen), indent=2)
        _steps(screen, one.steps, before + ("   " if last else side))


def _words(one: Message, screen: Screen) -> tuple[Piece, ...]:
    times = ("n \u00d7 " if screen.look.unicode else "n x ") if one.looped else ""
    style = "error" if one.kind == "sync" and one.policy.state == "unbounded" else "quiet"
    again = "  told above" if one.again else ""
    because = f"  {one.because}" if one.because else ""
    name = f"{one.target} {said(one)}".rstrip()
    return (times, name, "  ", (bounds(one), style), (f"{because}{again}  {one.place}", "quiet"))
