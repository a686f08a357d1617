"""How a run went: what was answered, what was not and why, what it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from ..nouns.findings import Dropped, PersonaRun, Spent
from ..nouns.source import Place
from .units import Unit

NOTHING = "nothing to ask about: no finding, and no function that is reached from outside and calls anything"
STEERED = "text in it speaks to the reviewer, so silence about it proves nothing"
_NAMED = 2  # so many units that failed for one reason are named, more are counted


class Missing(msgspec.Struct, frozen=True):
    """Something that was not done: which unit, and why."""

    about: str
    reason: str


class Done(msgspec.Struct, frozen=True):
    """What a run did. `left` counts drafts that were not sent at all, `second` units whose second look is missing."""

    persona: str
    model: str
    host: str
    units: Sequence[Unit]
    answered: int
    remembered: int
    missing: Sequence[Missing]
    second: Sequence[Missing]
    note: str  # why there is no note on the map, "" for no reason
    dropped: Sequence[Dropped]
    said: int
    silent: frozenset[str]  # paths about which nothing was said
    steering: Sequence[Place]
    estimate: Spent
    spent: Spent
    left: int = 0
    seconds: float = 0.0


def run_of(done: Done) -> PersonaRun:
    """The record of a run; "complete" only when every unit was answered and doubted, and no silence was steered."""
    missing = [*done.missing, *[Missing("", f"beyond the {len(done.units)} most important")] * done.left]
    steered = sorted({place.path for place in done.steering} & done.silent)
    parts = [*_reasons(missing)]
    if done.second:
        parts.append(f"no second look for {_counted(len(done.second), 'place')}: {done.second[0].reason}")
    if done.note and not any(part.endswith(f": {done.note}") for part in parts):
        parts.append(f"no note on the map: {done.note}")
    if steered:
        names = ", ".join(steered[:_NAMED]) + (f" and {len(steered) - _NAMED} more" if len(steered) > _NAMED else "")
        parts.append(f"{names}: {STEERED}")
    state: Literal["complete", "partial", "not run"] = "partial" if parts else "complete"
    if len(done.units) and not done.answered:
        state = "not run"
        reasons = {one.reason for one in done.missing}
        parts = [*reasons] if len(reasons) == 1 else parts
    elif not done.units and not parts:
        parts = [NOTHING]
    return PersonaRun(
        persona=done.persona,
        state=state,
        reason="; ".join(parts),
        model=done.model,
        host=done.host,
        units=len(done.units) + done.left,
        done=done.answered,
        remembered=done.remembered,
        estimate=done.estimate,
        spent=done.spent,
        hidden_values=sum(unit.hidden for unit in done.units),
        hidden_files=len({unit.path for unit in done.units if unit.hidden}),
        said=done.said,
        dropped=tuple(done.dropped),
        steering=tuple(dict.fromkeys(done.steering)),
        seconds=done.seconds,
    )


def _reasons(missing: Iterable[Missing]) -> list[str]:
    """One phrase for each reason, the most frequent first, with the units where they are few."""
    by_reason: dict[str, list[str]] = {}
    for one in missing:
        by_reason.setdefault(one.reason, []).append(one.about)
    counts = Counter({reason: len(abouts) for reason, abouts in by_reason.items()})
    phrases = []
    for reason, number in counts.most_common():
        names = [about for about in dict.fromkeys(by_reason[reason]) if about]
        where = ", ".join(names) if names and number <= _NAMED else _counted(number, "place")
        phrases.append(f"{where}: {reason}")
    return phrases


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
