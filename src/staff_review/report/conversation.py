"""A review as part of a talk on a change: a note on a line, what becomes of it, and the one comment on the whole."""

from __future__ import annotations

import io
from collections.abc import Sequence

import msgspec

from ..nouns.findings import PERSONA, Comment, Finding, Verdict
from ..nouns.rulebook import Rule
from . import Report, markdown
from .markdown_text import code, fenced, folded, inline, plain
from .places import uri_of
from .ranking import ranked
from .remarks import rows_of, said_of
from .tally import counted

_AROUND = 2  # lines before and after the one that a link shows
_EMBEDDED = 5  # findings elsewhere with a link that shows their code
_SHORT = 7


class Standing(msgspec.Struct, frozen=True):
    """What the comment on the whole tells of the others; findings by fingerprint.

    `outside` have no line in the change, `closed` had a comment that a person closed or deleted, `placed` have one now.
    `trouble` is why there are fewer than there should be. `foreign`: the report is the word of another repository.
    """

    commit: str
    placed: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    gone: int = 0
    trouble: str = ""
    foreign: bool = False


def note_on(finding: Finding, rule: Rule | None, said: Sequence[Verdict] = ()) -> str:
    """What is said on the line of a finding; without lines and commits, so that it is true for as long as it stands."""
    name = code(finding.rule)
    if rule is not None and rule.references:
        name = f"[{name}]({rule.references[0]})"
    accept = code(f"# staff-review: ignore[{finding.rule}] -- the reason")
    return "\n\n".join(
        [
            f"**{finding.severity}: {inline(finding.message)}**",
            inline(finding.why),
            f"_Instead:_ {inline(finding.instead)}",
            *(f"_{inline(said_of(verdict))}_" for verdict in said),
            f"<sub>{name} · confidence {finding.confidence} · to accept it: {accept}</sub>",
        ]
    )


def opinion_on(comment: Comment) -> str:
    """What a persona says on a line, marked as what it is."""
    rows = [f"_{label.capitalize()}:_ {inline(text)}" for label, text in rows_of(comment)]
    shown = [fenced(comment.quote.splitlines())] if comment.quote else []
    sure = f"{comment.weight}, {comment.certainty}"
    accept = code(f"# staff-review: ignore[{PERSONA}:{comment.topic}] -- the reason")
    said = f"An opinion of {plain(comment.persona)}, a language model ({sure}). It fails no run"
    end = f"<sub>{said} · to accept it: {accept}</sub>"
    return "\n\n".join([f"**Opinion: {inline(comment.text)}**", *shown, *rows, end])


def note_gone(first_line: str, happened: str) -> str:
    """What becomes of a note whose finding is no more; people's answers to it keep their sense."""
    return f"{plain(happened[:1].upper() + happened[1:])}.\n\n> {first_line}"


def page_of(report: Report, standing: Standing, limit: int) -> str:
    """The comment on the whole change, of at most `limit` characters."""
    first = "".join(f"> {warning}\n\n" for warning in _warnings(standing))
    last = "\n\n".join(filter(None, [_elsewhere(report, standing), _comments(report, standing)]))
    stream = io.StringIO()
    markdown.render(report, stream, max(0, limit - len(first) - len(last)))
    return f"{first}{stream.getvalue()}{last}"


def _warnings(standing: Standing) -> list[str]:
    """What a reader must know before the rest."""
    foreign = "This report was made in a fork: read its words as those of the fork's author."
    missing = f"**There are no new comments on lines this time:** {plain(standing.trouble)}."
    return [*([foreign] if standing.foreign else []), *([missing] if standing.trouble else [])]


def _elsewhere(report: Report, standing: Standing) -> str:
    """The code of findings at which no comment can stand: GitHub shows it for a link that is alone on its line."""
    found = [one for one in ranked(report.review.findings) if one.fingerprint in standing.outside]
    if not found or not report.checkout.link:
        return ""
    parts = []
    for finding in found[:_EMBEDDED]:
        first, last = max(1, finding.place.line - _AROUND), finding.place.line + _AROUND
        link = f"{report.checkout.link}{uri_of(finding.place.path)}#L{first}-L{last}"
        parts.append(f"**{finding.severity}** {inline(finding.message)}\n\n{link}")
    more = len(found) - len(parts)
    parts += [f"and {more:,} more"] if more else []
    return folded("Code that is not on lines of this change", "\n\n".join(parts))


def _comments(report: Report, standing: Standing) -> str:
    """What stands on lines of the change, on one line."""
    shown = {one.fingerprint for one in report.review.findings}
    here, closed = len(standing.placed & shown), len(standing.closed & shown)
    facts = [f"{counted(here, 'finding')} with a comment on the line"] if here else []
    facts += [f"{closed:,} closed by a person, and not posted again"] if closed else []
    facts += [f"{counted(standing.gone, 'finding')} gone since the last time"] if standing.gone else []
    return f"<sub>{' · '.join([f'commit {standing.commit[:_SHORT]}', *facts])}</sub>"
