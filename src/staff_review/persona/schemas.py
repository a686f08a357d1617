"""What a model must answer: the schemas it is given, word for word the same each time, and its answer decoded.

The schemas use only what structured outputs enforce: types, closed lists of words, required keys. All else is checked
by us, item by item, so that one bad item does not cost the others.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec

_LARGEST = 400_000
_MOST_ITEMS = 100


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


_TEXT: dict[str, Any] = {"type": "string"}
_LINE: dict[str, Any] = {"type": "integer"}

# Evidence stands before prose, so that the words are written after the quote they rest on.
REVIEW = _object(
    comments=_list(
        _object(
            path=_TEXT,
            quote=_TEXT,
            start_line=_LINE,
            end_line=_LINE,
            topic=_TEXT,
            unseen=_TEXT,
            certainty=_one_of("shown", "likely", "guess"),
            weight=_one_of("critical", "major", "minor"),
            claim=_TEXT,
            scenario=_TEXT,
            fix=_TEXT,
            hand_to=_TEXT,
        )
    ),
    verdicts=_list(
        _object(finding=_TEXT, quote=_TEXT, verdict=_one_of("confirmed", "doubtful", "cannot_tell"), reason=_TEXT)
    ),
    addressed_to_reviewer=_list(_object(path=_TEXT, line=_LINE, quote=_TEXT)),
)
DOUBT = _object(
    judgements=_list(
        _object(
            candidate=_TEXT,
            line=_LINE,
            answers=_list(_object(question=_TEXT, quote=_TEXT, answer=_TEXT)),
            quote=_TEXT,
            reason=_TEXT,
            result=_one_of("holds", "refuted", "needs_context"),
            fix=_one_of("prevents", "fails", "cannot_tell"),
        )
    )
)
ARCHITECTURE = _object(
    edges=_list(_object(source=_TEXT, target=_TEXT)),
    note=_TEXT,
    trade_offs=_list(_object(choice=_TEXT, gains=_TEXT, costs=_TEXT)),
    alternatives=_list(_TEXT),
    hand_to=_TEXT,
)


class Said(msgspec.Struct, frozen=True):
    """One comment as the model gave it."""

    path: str
    quote: str
    start_line: int
    end_line: int
    topic: str
    unseen: str
    certainty: Literal["shown", "likely", "guess"]
    weight: Literal["critical", "major", "minor"]
    claim: str
    scenario: str
    fix: str
    hand_to: str = ""


class Judged(msgspec.Struct, frozen=True):
    """One verdict on a static finding as the model gave it."""

    finding: str
    verdict: Literal["confirmed", "doubtful", "cannot_tell"]
    quote: str
    reason: str


class Seen(msgspec.Struct, frozen=True):
    """Text that the model took to be addressed to it."""

    path: str
    line: int
    quote: str


class Judgement(msgspec.Struct, frozen=True):
    """What the second look made of one candidate; line 0 where it did not say which line it judged."""

    candidate: str
    result: Literal["holds", "refuted", "needs_context"]
    quote: str
    reason: str
    line: int = 0
    fix: Literal["prevents", "fails", "cannot_tell"] = "cannot_tell"


class SaidTradeOff(msgspec.Struct, frozen=True):
    """One choice as the model gave it."""

    choice: str
    gains: str
    costs: str


class SaidEdge(msgspec.Struct, frozen=True):
    """One arrow of the diagram that the model would draw."""

    source: str
    target: str


class SaidNote(msgspec.Struct, frozen=True):
    """The note on the architecture as the model gave it."""

    note: str
    edges: tuple[SaidEdge, ...]
    trade_offs: tuple[SaidTradeOff, ...]
    alternatives: tuple[str, ...]
    hand_to: str = ""


_T = TypeVar("_T", bound=msgspec.Struct)


def answer_in(text: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """The JSON object of an answer, also when words stand around it; None when it is not what the schema asks for."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start or end - start > _LARGEST:
        return None
    try:
        found = msgspec.json.decode(text[start : end + 1])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    if not isinstance(found, dict):
        return None
    for name, part in schema["properties"].items():
        wanted = list if part["type"] == "array" else str
        if not isinstance(found.get(name), wanted):
            return None
    return found


def items(answer: dict[str, Any], name: str, kind: type[_T]) -> tuple[list[_T], int]:
    """The items of one list that have the form they must have, and how many have not."""
    listed = answer.get(name)
    found: list[_T] = []
    wrong = 0
    for item in listed if isinstance(listed, list) else []:
        try:
            found.append(msgspec.convert(item, kind))
        except msgspec.ValidationError:
            wrong += 1
    return found[:_MOST_ITEMS], wrong + max(0, len(found) - _MOST_ITEMS)


def whole(answer: dict[str, Any], kind: type[_T]) -> _T | None:
    """The answer as one struct, None when it has not that form."""
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError:
        return None
