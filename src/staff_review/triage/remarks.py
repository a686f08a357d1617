"""Which comments of a persona nobody wants to see again: silences in code and the baseline hold for them too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ..nouns.baseline import Baseline
from ..nouns.facts import Silence
from ..nouns.findings import PERSONA, Comment, SilencedComment
from .silences import ended


def quiet_comment(
    comment: Comment, silences: Iterable[Silence], baseline: Baseline, today: date
) -> SilencedComment | None:
    """The comment with who asked for silence and why, None when nobody did; `silences` are those of its file.

    Unlike a finding, a comment is accepted only by its own fingerprint: what is said anew may be about something else.
    """
    for silence in silences:
        if (
            not comment.names.isdisjoint(silence.rules)
            and _governs(silence.lines, comment)
            and not ended(silence, today)
        ):
            by = "file comment" if silence.lines == (0, 0) else "comment"
            return SilencedComment(comment, by, silence.reason)
    accepted = (one.fingerprints for one in baseline.accepted if one.rule == PERSONA)
    if any(comment.fingerprint in fingerprints for fingerprints in accepted):
        return SilencedComment(comment, "baseline")
    return None


def _governs(lines: Sequence[int], comment: Comment) -> bool:
    first, last = lines
    return (first, last) == (0, 0) or (first <= comment.place.span.end_line and comment.place.line <= last)
