"""The second look: what is asked about each comment of the first, and which comments outlive the answer."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..nouns.findings import Comment, Dropped
from ..nouns.rulebook import Persona
from .plain import plain
from .quotes import occurrences
from .schemas import Judgement
from .units import Unit
from .words import lens_named

REFUTED = "a second look refuted it"
NEEDS_MORE = "a second look could not confirm it from what was shown"
NOT_DOUBTED = "there was no second look, and its certainty is not `shown`"
MIXED_UP = "the second look was at another line, and its certainty is not `shown`"
FIX_FAILS = "only its fix, which a second look found to fail"
_OTHERWISE = ("Is there a line that makes the claim false?", "Can the trigger come about in the code that is shown?")


def candidate_words(comments: Sequence[Comment], persona: Persona) -> str:
    """The candidates C1, C2 …, and once for each of their lenses its questions."""
    parts = [
        f"## C{number}, {comment.place.path} line {comment.place.line}, {comment.weight}, {comment.topic}\n"
        f"Quote: {comment.quote}\nClaim: {comment.text}\nScenario: {comment.scenario}\n"
        f"Assumption: {comment.unseen or 'none'}\nFix: {comment.fix or 'none'}\n"
        for number, comment in enumerate(comments, start=1)
    ]
    lenses = [_questions(topic, persona) for topic in dict.fromkeys(comment.topic for comment in comments)]
    return "\n".join(["# Candidates\n", *parts, "# Questions of their lenses\n", *lenses])


def _questions(topic: str, persona: Persona) -> str:
    lens = lens_named(persona, topic)
    asks = lens.asks if lens is not None else _OTHERWISE
    fine = f"Fine: {'; '.join(lens.fine)}.\n" if lens is not None and lens.fine else ""
    return f"## {topic}\n" + "".join(f"- {question}\n" for question in asks) + fine


def outlived(
    comments: Sequence[Comment], judgements: Sequence[Judgement], unit: Unit
) -> tuple[tuple[Comment, ...], tuple[Dropped, ...]]:
    """What stands after the second look; a refutation counts only with a quote that was sent."""
    by_name = {one.candidate.strip().upper(): one for one in reversed(judgements)}
    kept: list[Comment] = []
    dropped: list[Dropped] = []
    for number, comment in enumerate(comments, start=1):
        judgement = by_name.get(f"C{number}")
        if reason := _against(comment, judgement, unit):
            dropped.append(_dropped(comment, comment.text, reason))
        elif judgement is None or not _is_about(comment, judgement):
            kept.append(comment)
        elif judgement.result != "holds":
            kept.append(_unconfirmed(comment, plain(judgement.reason, 300)))
        elif judgement.fix == "fails" and comment.fix:
            dropped.append(_dropped(comment, comment.fix, _with_reason(FIX_FAILS, judgement)))
            kept.append(msgspec.structs.replace(comment, fix=""))
        else:
            kept.append(comment)
    return tuple(kept), tuple(dropped)


def undoubted(comments: Sequence[Comment]) -> tuple[tuple[Comment, ...], tuple[Dropped, ...]]:
    """What stands when there was no second look: only what the lines themselves show."""
    kept = tuple(comment for comment in comments if comment.certainty == "shown")
    others = (comment for comment in comments if comment.certainty != "shown")
    return kept, tuple(Dropped(one.place.path, one.place.line, one.text, NOT_DOUBTED) for one in others)


def _against(comment: Comment, judgement: Judgement | None, unit: Unit) -> str:
    """Why a comment falls, "" when it stands."""
    if judgement is None or not _is_about(comment, judgement):
        return "" if comment.certainty == "shown" else NOT_DOUBTED if judgement is None else MIXED_UP
    if judgement.result == "holds":
        return ""
    paths = dict.fromkeys(line.path for line in unit.lines)
    if judgement.result == "refuted" and any(occurrences(judgement.quote, path, unit.lines) for path in paths):
        return _with_reason(REFUTED, judgement)
    return "" if comment.weight == "critical" else _with_reason(NEEDS_MORE, judgement)


def _is_about(comment: Comment, judgement: Judgement) -> bool:
    """Whether the line that was judged is the candidate's: among several, a model may take one for another."""
    return judgement.line in (0, comment.place.line)


def _unconfirmed(comment: Comment, why: str) -> Comment:
    """A comment too grave to be dropped for want of context, with what stands against it."""
    certainty = "likely" if comment.certainty == "shown" else comment.certainty
    return msgspec.structs.replace(comment, certainty=certainty, unconfirmed=why or NEEDS_MORE)


def _with_reason(fault: str, judgement: Judgement) -> str:
    why = plain(judgement.reason, 200)
    return f"{fault}: {why}" if why else fault


def _dropped(comment: Comment, text: str, reason: str) -> Dropped:
    return Dropped(comment.place.path, comment.place.line, text, reason)
