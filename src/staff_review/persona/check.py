"""Which of a model's comments stand: each rests on a quote that was sent, and every drop has a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from textwrap import dedent

import msgspec

from ..nouns.findings import Certainty, Comment, Dropped, Verdict
from ..nouns.rulebook import Persona
from ..nouns.source import Place, Span, from_home
from .plain import plain
from .quotes import Found, occurrences, placed, squeezed
from .schemas import Judged, Said
from .units import Unit, label

NOT_SENT = "it names a file that was not sent"
NO_QUOTE = "its quote is not in the code that was sent"
NOWHERE = "its quote stands in several places, none near its line"
HEDGED = "it argues with itself"
GUESS = "a guess"
EMPTY = "it says nothing"
NO_FINDING = "it is about a finding that there is not"
MERGED = "a static finding says it; it became the opinion beside that"
TWICE = "another comment says it"
MANY_FILE = "more than three for one file"
MANY_RUN = "more than ten in one run"

MOST_IN_FILE = 3
MOST_IN_RUN = 10
_NEAR_FINDING = 3
_MOST_QUOTED = 12  # lines of a quote that are shown
_FALLS: dict[Certainty, Certainty] = {"shown": "likely", "likely": "guess", "guess": "guess"}
_SURENESS: dict[Certainty, int] = {"shown": 0, "likely": 1, "guess": 2}
_WEIGHTS = {"critical": 0, "major": 1, "minor": 2}
_HEDGES = re.compile(
    r"\bactually,|\b(?:up)?on (?:re-?reading|second thought|closer (?:look|inspection))|\bwait,|\bnever ?mind\b"
    r"|\b(?:might|may|could|is|seems?) (?:be )?(?:actually )?"
    r"(?:fine|ok|okay|acceptable|intended)\b(?! only| until| when)"
    r"|\bnot (?:really |actually )?(?:a problem|an issue)\b|\bno (?:real )?(?:issue|problem)s? here\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:none|nothing|n/?a|no|-)?\W*", re.IGNORECASE)
_BACKTICKED = re.compile(r"`([^`\n]+)`")
_NAME = re.compile(r"[A-Za-z_]\w*")


class Checked(msgspec.Struct, frozen=True):
    """What is left of one answer: comments still to be doubted, verdicts, and what was dropped."""

    comments: tuple[Comment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    dropped: tuple[Dropped, ...] = ()


def checked(
    said: Sequence[Said], judged: Sequence[Judged], unit: Unit, raw: Callable[[str], Sequence[str]], persona: Persona,
    *, guesses: bool = False,
) -> Checked:  # fmt: skip
    """The comments and verdicts of one answer that stand; `raw` gives the true lines of a path, for columns."""
    verdicts: dict[str, Verdict] = {}
    comments: list[Comment] = []
    dropped: list[Dropped] = []
    for one_verdict in judged:
        opinion = _verdict(one_verdict, unit, persona)
        if isinstance(opinion, Verdict):
            verdicts[opinion.finding] = opinion
        elif opinion is not None:
            dropped.append(opinion)
    for one in said:
        outcome = _comment(one, unit, raw, persona, guesses=guesses)
        if isinstance(outcome, Dropped):
            dropped.append(outcome)
            continue
        same = _said_by_finding(outcome, unit)
        if same is None:
            comments.append(outcome)
            continue
        if same not in verdicts:
            verdicts[same] = Verdict(same, persona.name, "confirmed", outcome.text, outcome.quote, outcome.place)
        dropped.append(_dropped(outcome, MERGED))
    kept, doubled = _without_twins(comments)
    return Checked(tuple(kept), tuple(verdicts.values()), (*dropped, *doubled))


def capped(comments: Iterable[Comment]) -> tuple[tuple[Comment, ...], tuple[Dropped, ...]]:
    """The comments, gravest and surest first, and those beyond what anybody would read.

    Three for each file; places that are left go to what is more than minor, or shown by the lines. What could not be
    confirmed takes none from what was.
    """
    kept: list[Comment] = []
    surplus: list[Comment] = []
    in_file: Counter[str] = Counter()
    for comment in sorted(comments, key=lambda one: (bool(one.unconfirmed), _gravest_first(one))):
        in_file[comment.place.path] += 1
        of_file = in_file[comment.place.path] <= MOST_IN_FILE
        (kept if of_file and len(kept) < MOST_IN_RUN else surplus).append(comment)
    more = [one for one in surplus if one.weight != "minor" or one.certainty == "shown"][: MOST_IN_RUN - len(kept)]
    reason = MANY_RUN if len(kept) + len(more) == MOST_IN_RUN else MANY_FILE
    dropped = [_dropped(one, reason) for one in surplus if one not in more]
    return tuple(sorted([*kept, *more], key=_gravest_first)), tuple(dropped)


def _comment(
    said: Said, unit: Unit, raw: Callable[[str], Sequence[str]], persona: Persona, *, guesses: bool
) -> Comment | Dropped:
    claim, scenario, fix = plain(said.claim, 300), plain(said.scenario, 500), plain(said.fix, 500)
    found = _found(said.path, said.quote, said.start_line, unit)
    reason = found if isinstance(found, str) else HEDGED if _HEDGES.search(f"{claim} {scenario}") else ""
    if not reason and not (claim and scenario):
        reason = EMPTY
    unseen = "" if _NOTHING.fullmatch(said.unseen.strip()) else plain(said.unseen, 300)
    certainty = "likely" if said.certainty == "shown" and unseen else said.certainty
    if not _names_exist(f"{claim} {scenario}", unit):
        certainty = _FALLS[certainty]
    if not reason and certainty == "guess" and not guesses:
        reason = GUESS
    if reason or isinstance(found, str):
        return Dropped(plain(said.path, 200) or "?", max(said.start_line, 0), claim, reason)
    quote = squeezed(said.quote)
    scope = unit.scope_at(said.path, found.first)
    topic = said.topic if _known_topic(said.topic, persona, unit) else "other"
    place = _place(said.path, found, quote, raw(said.path))
    return Comment(
        place=place,
        persona=persona.name,
        text=claim,
        topic=topic,
        weight=said.weight,
        certainty=certainty,
        quote=_shown(said.path, found, quote, unit),
        scenario=scenario,
        fix=fix,
        unseen=unseen,
        hand_to=said.hand_to if said.hand_to in persona.hands_to else "",
        beside=_beside(place, unit),
        fingerprint=_fingerprint(topic, from_home(said.path, unit.home), scope, quote),
        scope=scope,
    )


def _found(path: str, quote: str, line: int, unit: Unit) -> Found | str:
    if path not in {sent.path for sent in unit.lines}:
        return NOT_SENT
    found = occurrences(quote, path, unit.lines)
    return (placed(found, line) or NOWHERE) if found else NO_QUOTE


def _shown(path: str, found: Found, quote: str, unit: Unit) -> str:
    """A quote as it stands in the code: the part of a line, or whole lines without the indent that all have."""
    if found.first == found.last:
        return plain(f"`{quote}`", 300)[1:-1] if "`" not in quote else quote[:300]
    lines = [line.text for line in unit.lines if line.path == path and found.first <= line.number <= found.last]
    more = ["..."] if len(lines) > _MOST_QUOTED else []
    return "\n".join([*dedent("\n".join(lines[:_MOST_QUOTED])).split("\n"), *more])


def _verdict(one: Judged, unit: Unit, persona: Persona) -> Verdict | Dropped | None:
    """A verdict that may stand, or what is lost; None when the model says that it cannot tell."""
    if one.verdict == "cannot_tell":
        return None
    reason = plain(one.reason, 300)
    known = {label(number): finding for number, finding in enumerate(unit.findings)}
    finding = known.get(one.finding.strip())
    if finding is None:
        return Dropped(unit.path, 0, reason, NO_FINDING)
    place = _evidence(one.quote, finding.place.line, unit)
    fault = EMPTY if not reason else HEDGED if _HEDGES.search(reason) else ""
    if not fault and one.verdict == "doubtful" and place is None:
        fault = NO_QUOTE  # a doubt without evidence is no doubt
    if fault:
        return Dropped(finding.place.path, finding.place.line, reason, fault)
    quote = squeezed(one.quote)[:300] if place is not None else ""
    return Verdict(finding.fingerprint, persona.name, one.verdict, reason, quote, place)


def _evidence(quote: str, line: int, unit: Unit) -> Place | None:
    """The nearest place of a quote; that it exists is enough, for the finding itself says where the matter is."""
    for path in _paths(unit):
        found = occurrences(quote, path, unit.lines)
        if found:
            nearest = min(found, key=lambda one: abs(one.first - line))
            return Place(path, Span(nearest.first, 1, nearest.last, 1))
    return None


def _paths(unit: Unit) -> list[str]:
    return list(dict.fromkeys([unit.path, *(line.path for line in unit.lines)]))


def _said_by_finding(comment: Comment, unit: Unit) -> str | None:
    """The fingerprint of a finding of the same rule within three lines."""
    for finding in unit.findings:
        near = abs(finding.place.line - comment.place.line) <= _NEAR_FINDING
        if finding.rule == comment.topic and finding.place.path == comment.place.path and near:
            return finding.fingerprint
    return None


def _beside(place: Place, unit: Unit) -> str:
    for finding in unit.findings:
        if finding.place.path == place.path and place.line <= finding.place.line <= place.span.end_line:
            return finding.fingerprint
    return ""


def _without_twins(comments: Sequence[Comment]) -> tuple[list[Comment], list[Dropped]]:
    """Of comments on one topic within three lines, or on one line, the surest."""
    kept: list[Comment] = []
    dropped: list[Dropped] = []
    for comment in sorted(comments, key=_gravest_first):
        if any(_twins(comment, other) for other in kept):
            dropped.append(_dropped(comment, TWICE))
        else:
            kept.append(comment)
    return kept, dropped


def _twins(one: Comment, other: Comment) -> bool:
    near = abs(one.place.line - other.place.line) <= _NEAR_FINDING
    return one.place.path == other.place.path and (
        one.fingerprint == other.fingerprint or (one.topic == other.topic != "other" and near)
    )


def _gravest_first(comment: Comment) -> tuple[int, int, Place, str]:
    return (_WEIGHTS[comment.weight], _SURENESS[comment.certainty], comment.place, comment.text)


def _names_exist(text: str, unit: Unit) -> bool:
    """Whether every name in backticks occurs in what was sent."""
    sent = {name for line in unit.lines for name in _NAME.findall(line.text)}
    sent |= {name for said in (*unit.facts, *unit.claims, *_paths(unit)) for name in _NAME.findall(said)}
    return all(name in sent for ticked in _BACKTICKED.findall(text) for name in _NAME.findall(ticked))


def _known_topic(topic: str, persona: Persona, unit: Unit) -> bool:
    return topic in {lens.id for lens in persona.lens} | {finding.rule for finding in unit.findings}


def _place(path: str, found: Found, quote: str, lines: Sequence[str]) -> Place:
    line = lines[found.first - 1] if found.first <= len(lines) else ""
    indent = len(line) - len(line.lstrip())
    at = line.find(quote) if found.first == found.last else -1
    if at >= 0:
        return Place(path, Span(found.first, at + 1, found.last, at + 1 + len(quote)))
    last = lines[found.last - 1] if found.last <= len(lines) else ""
    return Place(path, Span(found.first, indent + 1, found.last, len(last.rstrip()) + 1))


def _fingerprint(topic: str, path: str, scope: str, quote: str) -> str:
    """No line and no wording, so that the comment is known again when code around it moves or it is said anew."""
    said = "\0".join([topic, path, scope, quote.replace(" ", "")])
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _dropped(comment: Comment, reason: str) -> Dropped:
    return Dropped(comment.place.path, comment.place.line, comment.text, reason)
