"""Requests in comments to be quiet, and which findings they silence."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from ..nouns.facts import Silence
from ..nouns.findings import Finding, Silenced
from ..nouns.rulebook import Rulebook
from .choice import rule_named

_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class Asked(msgspec.Struct, frozen=True):
    """One silence, why it is no longer in force (None: it is), and the ids of the rules that it did silence."""

    path: str
    silence: Silence
    ended: str | None
    used: frozenset[str]


class Quieted(msgspec.Struct, frozen=True):
    """Findings split by the silences in force, and what became of each silence."""

    shown: tuple[Finding, ...]
    silenced: tuple[Silenced, ...]
    asked: tuple[Asked, ...]


def quieted(
    findings: Iterable[Finding], silences: Mapping[str, tuple[Silence, ...]], rulebook: Rulebook, today: date
) -> Quieted:
    """Apply the silences of each path; several may quiet the same finding, and then the first gives the reason."""
    shown: list[Finding] = []
    silenced: list[Silenced] = []
    over = {path: [ended(silence, today) for silence in many] for path, many in silences.items()}
    used: dict[tuple[str, int], set[str]] = {}
    for finding in findings:
        path = finding.place.path
        matching = [
            number
            for number, silence in enumerate(silences.get(path, ()))
            if over[path][number] is None and _governs(silence, finding, rulebook)
        ]
        for number in matching:
            used.setdefault((path, number), set()).add(finding.rule)
        if matching:
            first = silences[path][matching[0]]
            silenced.append(Silenced(finding, "file comment" if first.lines == (0, 0) else "comment", first.reason))
        else:
            shown.append(finding)
    asked = (
        Asked(path, silence, over[path][number], frozenset(used.get((path, number), ())))
        for path, many in silences.items()
        for number, silence in enumerate(many)
    )
    return Quieted(tuple(shown), tuple(silenced), tuple(asked))


def _governs(silence: Silence, finding: Finding, rulebook: Rulebook) -> bool:
    first, last = silence.lines
    if (first, last) != (0, 0) and not first <= finding.place.line <= last:
        return False
    return any((rule := rule_named(name, rulebook)) and rule.id == finding.rule for name in silence.rules)


def ended(silence: Silence, today: date) -> str | None:
    """Why a silence is no longer in force, or None; a month stands for its last day."""
    if not silence.until:
        return None
    written = _DATE.fullmatch(silence.until)
    try:
        year, month, day = (int(part) if part else 0 for part in written.groups()) if written else (0, 0, 0)
        last = date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return f"`until={silence.until}` is no date; write `until=YYYY-MM-DD`"
    return f"it ended on {last.isoformat()}" if last < today else None
