"""The hall of suggestions: a safe fix as the lines that a reader would apply, for a report that others will show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from ..fix import Opened
from ..fix.difference import lines_of
from ..nouns.findings import Finding, Gap, Suggestion
from ..nouns.settings import Settings
from .mending import DEFAULT_LIMIT, is_safe
from .review import Outcome

_MOST = 50
"""Fixes that are suggested one by one: whoever has more is better served by having them all made."""
_MOST_TEXT = 400_000
"""Characters of all files that are opened for them: each takes some 20 microseconds to parse and to walk."""
_MOST_BETWEEN = 20
"""Lines; a fix further away would be read as one of something else."""
_MOST_LINES = 200
"""From the first line that a fix changes to the last: with more, it changes two places."""


def suggestions_of(outcome: Outcome, settings: Settings) -> dict[str, Suggestion]:
    """By fingerprint, the safe fixes that change one stretch of lines; an import elsewhere cannot be suggested.

    Where the files are too many or too large to be parsed for it, the shortest have theirs.
    """
    safe: dict[str, list[Finding]] = {}
    for finding in [one for one in outcome.review.findings if is_safe(one, settings)][:_MOST]:
        safe.setdefault(finding.place.path, []).append(finding)
    found: dict[str, Suggestion] = {}
    left = _MOST_TEXT
    for text, path in sorted(_texts(outcome, safe), key=_by_length):
        left -= len(text)
        if left < 0:
            break
        opened = Opened(text)
        for finding in safe[path]:
            suggestion = _suggestion(finding, text, opened, settings)
            if suggestion is not None:
                found[finding.fingerprint] = suggestion
    return found


def _texts(outcome: Outcome, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The files that can be read, as text and path."""
    for path in paths:
        there = outcome.sources.original(path)
        if not isinstance(there, Gap):
            yield there.text, path


def _by_length(one: tuple[str, str]) -> tuple[int, str]:
    return len(one[0]), one[1]


def _suggestion(finding: Finding, text: str, opened: Opened, settings: Settings) -> Suggestion | None:
    if finding.edit is None:
        return None
    patch = opened.patched([finding.edit], settings.fix_timeout or DEFAULT_LIMIT)
    before, after = lines_of(text), lines_of(patch.text)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) > _MOST_LINES:
        return None
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if len(changed) != 1:
        return None
    first, last, start, end = (head + at for at in changed[0][1:])
    if first == last:  # what is only added goes with a line that stays
        if first == 0:
            return None
        first, start = first - 1, start - 1
    # A host takes it at the line of the finding only: what stands between the two is replaced by itself.
    above, below = max(0, first + 1 - finding.place.line), max(0, finding.place.line - last)
    if above + below > _MOST_BETWEEN:
        return None
    first, start, last, end = first - above, start - above, last + below, end + below
    return Suggestion(first + 1, last, tuple(line.rstrip("\r\n") for line in after[start:end]))


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines at the beginning are the same."""
    return next(
        (at for at, (here, there) in enumerate(zip(one, other, strict=False)) if here != there),
        min(len(one), len(other)),
    )
