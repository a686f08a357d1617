"""Where a quote stands in what was sent: the line numbers of a model are a hint, its quote is the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from .units import Line

LEAST = 8
"""Letters that a part of a line must have to be a quote; a shorter one stands everywhere, unless it is a whole line."""
MOST_LINES = 20
NEAR = 10
_NUMBER = re.compile(r"^\s*\d+\s*\+?\s*\| ?", re.MULTILINE)


class Found(msgspec.Struct, frozen=True, order=True):
    """The first and last line of a quote in one file."""

    first: int
    last: int


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, without our line numbers."""
    return " ".join(_NUMBER.sub("", text).split())


def occurrences(quote: str, path: str, lines: Sequence[Line]) -> list[Found]:
    """Every place where a quote stands in what was sent of a file, within one line or lines that follow each other."""
    wanted = squeezed(quote)
    if len(wanted) < LEAST:
        whole = (line for line in lines if line.path == path and wanted and " ".join(line.text.split()) == wanted)
        return [Found(line.number, line.number) for line in whole]
    found: list[Found] = []
    for run in _runs([line for line in lines if line.path == path]):
        starts: list[int] = []
        text = ""
        for line in run:
            said = " ".join(line.text.split())
            text += " " if text and said else ""  # a quote does not show how many lines are empty
            starts.append(len(text))
            text += said
        at = text.find(wanted)
        while at >= 0:
            first = max(index for index, start in enumerate(starts) if start <= at)
            last = max(index for index, start in enumerate(starts) if start < at + len(wanted))
            if last - first < MOST_LINES:
                found.append(Found(run[first].number, run[last].number))
            at = text.find(wanted, at + 1)
    return list(dict.fromkeys(found))


def placed(found: Sequence[Found], line: int) -> Found | None:
    """The one place that a quote can mean, given the line its author named; None when that cannot be told."""
    if len(found) == 1:
        return found[0]
    exact = [one for one in found if one.first <= line <= one.last]
    if len(exact) == 1:
        return exact[0]
    near = sorted((abs(one.first - line), one) for one in found if abs(one.first - line) <= NEAR)
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


def _runs(lines: list[Line]) -> list[list[Line]]:
    """Lines in stretches without a gap."""
    runs: list[list[Line]] = []
    for line in lines:
        if not runs or line.number != runs[-1][-1].number + 1:
            runs.append([])
        runs[-1].append(line)
    return runs
