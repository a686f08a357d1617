"""The hall of suggestions: a safe fix as the lines that a reader would apply, for a report that others will show."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache

from ..fix import patched
from ..fix.difference import lines_of
from ..nouns.findings import Finding, Gap, Suggestion
from ..nouns.settings import Settings
from ..nouns.source import Original
from .mending import DEFAULT_LIMIT, is_safe
from .review import Outcome

_MOST_BETWEEN = 20
"""Lines; a fix further away would be read as one of something else."""


def suggestions_of(outcome: Outcome, settings: Settings) -> dict[str, Suggestion]:
    """By fingerprint, the safe fixes that change one stretch of lines; an import elsewhere cannot be suggested."""
    original: Callable[[str], Original | Gap] = cache(outcome.sources.original)
    found: dict[str, Suggestion] = {}
    for finding in outcome.review.findings:
        if is_safe(finding, settings):
            there = original(finding.place.path)
            suggestion = None if isinstance(there, Gap) else _suggestion(finding, there.text, settings)
            if suggestion is not None:
                found[finding.fingerprint] = suggestion
    return found


def _suggestion(finding: Finding, text: str, settings: Settings) -> Suggestion | None:
    if finding.edit is None:
        return None
    patch = patched(text, [finding.edit], settings.fix_timeout or DEFAULT_LIMIT)
    before, after = lines_of(text), lines_of(patch.text)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if len(changed) != 1:
        return None
    _, first, last, start, end = changed[0]
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
