"""What a reviewer persona said, in the words that every format shares; always an opinion, never a finding."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from ..nouns.findings import Comment, PersonaRun, Review, Verdict, Weight
from .tally import counted, listed

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
    return f"{said} See `{verdict.quote.rstrip(', ')}` at {verdict.place}."


def opinions_found(review: Review) -> str:
    """How many remarks there are of which weight: "2 critical and 3 minor opinions"; "" for none."""
    weights = Counter(comment.weight for comment in review.comments)
    said = [f"{weights[weight]:,} {weight}" for weight in get_args(Weight) if weights[weight]]
    return f"{listed(said)} opinion{'' if sum(weights.values()) == 1 else 's'}" if said else ""


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
        where = "" if run.explained else ", see --persona-explain"
        parts.append(f"{counted(len(run.dropped), 'remark')} dropped{where}")
    if run.steering:
        places = ", ".join(str(place) for place in run.steering)
        parts.append(f"text that speaks to the reviewer at {places}: silence about these files means nothing")
    return "; ".join(parts)


def _spent(run: PersonaRun) -> str:
    spent = run.spent
    models = spent.models or {run.model: spent.requests}
    whom = f" to {next(iter(models))}" if len(models) == 1 else ""
    each = f" ({', '.join(f'{number:,} to {name}' for name, number in models.items())})" if len(models) > 1 else ""
    at = f" at {run.host}" if run.host else ""
    asked = f"{counted(spent.requests, 'request')}{whom}{at}{each}"
    took = f" in {run.seconds:,.0f} s" if run.seconds >= 1 else ""
    if not spent.input_tokens:
        return f"{asked} without an answer{took}"
    cached = f" ({spent.cached_tokens / 1000:,.1f}k cached)" if spent.cached_tokens else ""
    cost = f", {_dollars(spent.usd)}" if spent.usd is not None else ""
    lost = f"; {spent.lost:,} of these without an answer" if spent.lost else ""
    risk = f", which may cost up to {_dollars(spent.lost_usd)} more" if spent.lost_usd else ""
    tokens = f"{spent.input_tokens / 1000:,.1f}k tokens in{cached}, {spent.output_tokens / 1000:,.1f}k out"
    return f"{asked}, {tokens}{cost}{took}{lost}{risk}"


def _dollars(amount: float) -> str:
    return "under $0.01" if 0 < amount < 0.01 else f"${amount:.2f}"


def _on(comment: Comment) -> str:
    return f" on {comment.topic}" if comment.topic != "other" else ""
