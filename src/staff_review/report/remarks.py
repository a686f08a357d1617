"""What a reviewer persona said, in the words that every format shares; always an opinion, never a finding."""

from __future__ import annotations

from ..findings import Comment, PersonaRun, Review, Verdict
from .tally import counted

_HAPPENED = {"complete": "complete", "partial": "not complete", "not run": "not run"}


def title_of(comment: Comment) -> str:
    """Who speaks of what and how surely: "backend-staff, an opinion on hard-dependency: major, likely"."""
    return f"{comment.persona}, an opinion{_on(comment)}: {comment.weight}, {comment.certainty}"


def speaker_of(comment: Comment) -> str:
    """The same without a word that it is an opinion, for where that is said already."""
    return f"{comment.persona}{_on(comment)}: {comment.weight}, {comment.certainty}"


def rows_of(comment: Comment) -> list[tuple[str, str]]:
    """What follows the claim, with a label each: what happens, what to do, what was not seen, whose matter it is."""
    rows = [
        ("when", comment.scenario),
        ("instead", comment.fix),
        ("not seen", comment.unseen),
        ("unsure", f"A second look could not confirm it: {comment.unconfirmed}" if comment.unconfirmed else ""),
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
    """A verdict in words, a doubt with the line it rests on: "backend-staff doubts this: …"."""
    if verdict.verdict == "confirmed":
        return f"{verdict.persona} agrees: {verdict.reason}"
    said = f"{verdict.persona} doubts this: {verdict.reason}"
    if verdict.place is None or "`" in verdict.quote:
        return said
    return f"{said} See `{verdict.quote}` at {verdict.place}"


def run_line(run: PersonaRun) -> str:
    """How the asking went, on one line, so that silence is not taken for praise."""
    parts = [f"{run.persona} (opinions, no part of the exit code): {_HAPPENED[run.state]}"]
    if run.reason:
        parts[0] += f", {run.reason}"
    if run.units:
        parts.append(f"{run.done:,} of {counted(run.units, 'place')} read")
    if run.remembered:
        parts.append(f"{run.remembered:,} of them remembered from earlier runs")
    if run.spent.requests:
        parts.append(_spent(run))
    if run.hidden_values:
        parts.append(f"{counted(run.hidden_values, 'value')} hidden in {counted(run.hidden_files, 'file')}")
    if run.dropped:
        parts.append(f"{counted(len(run.dropped), 'remark')} dropped, see --persona-explain")
    if run.steering:
        places = ", ".join(str(place) for place in run.steering)
        parts.append(f"text that speaks to the reviewer at {places}: silence about these files means nothing")
    return "; ".join(parts)


def _spent(run: PersonaRun) -> str:
    spent = run.spent
    whom = f"{run.model} at {run.host}" if run.host else run.model
    asked = f"{counted(spent.requests, 'request')} to {whom}"
    if not spent.input_tokens:
        return f"{asked} without an answer"
    cached = f" ({spent.cached_tokens / 1000:,.1f}k cached)" if spent.cached_tokens else ""
    cost = f", ${spent.usd:.2f}" if spent.usd is not None else ""
    return f"{asked}, {spent.input_tokens / 1000:,.1f}k tokens in{cached}, {spent.output_tokens / 1000:,.1f}k out{cost}"


def _on(comment: Comment) -> str:
    return f" on {comment.topic}" if comment.topic != "other" else ""
