"""What a reviewer persona said, in the words that every format shares; always an opinion, never a finding."""

from __future__ import annotations

from ..findings import Comment, PersonaRun, Review, Verdict
from .tally import counted

_HAPPENED = {"complete": "complete", "partial": "not complete", "not run": "not run"}


def title_of(comment: Comment) -> str:
    """Who speaks and how surely: "backend-staff, an opinion: major, likely"."""
    return f"{comment.persona}, an opinion: {comment.weight}, {comment.certainty}"


def rows_of(comment: Comment) -> list[tuple[str, str]]:
    """What follows the claim, with a label each: what happens, what to do, what was not seen, whose matter it is."""
    rows = [
        ("when", comment.scenario),
        ("instead", comment.fix),
        ("not seen", comment.unseen),
        ("hand to", comment.hand_to),
    ]
    return [(label, text) for label, text in rows if text]


def in_words(comment: Comment) -> str:
    """The whole remark as one plain text, a paragraph a part."""
    quoted = [f"> {line}" for line in comment.quote.splitlines()]
    rows = [f"{label}: {text}" for label, text in rows_of(comment)]
    return "\n".join([comment.text, *quoted, *rows])


def doubts(review: Review) -> dict[str, list[Verdict]]:
    """The persona's verdicts by the fingerprint of the finding they stand beside."""
    beside: dict[str, list[Verdict]] = {}
    for verdict in review.verdicts:
        beside.setdefault(verdict.finding, []).append(verdict)
    return beside


def said_of(verdict: Verdict) -> str:
    """A verdict in one sentence: "backend-staff doubts this: …"."""
    verb = "agrees" if verdict.verdict == "confirmed" else "doubts this"
    return f"{verdict.persona} {verb}: {verdict.reason}"


def run_line(run: PersonaRun) -> str:
    """How the asking went, on one line, so that silence is not taken for praise."""
    parts = [f"{run.persona} (opinions, no part of the exit code): {_HAPPENED[run.state]}"]
    if run.reason:
        parts[0] += f", {run.reason}"
    if run.units:
        parts.append(f"{run.done:,} of {counted(run.units, 'place')} read")
    if run.model:
        parts.append(f"model {run.model}" + (f" at {run.host}" if run.host else ""))
    if run.spent.usd is not None and run.spent.requests:
        parts.append(f"${run.spent.usd:.2f}")
    if run.dropped:
        parts.append(f"{counted(len(run.dropped), 'remark')} dropped, see --persona-explain")
    if run.steering:
        places = ", ".join(str(place) for place in run.steering)
        parts.append(f"text that speaks to the reviewer at {places}: silence about these files means nothing")
    return "; ".join(parts)
