"""What comes back from a model: an answer or a trouble, and what either is worth."""

from __future__ import annotations

from typing import Any

import msgspec

from .request import Request
from .schemas import answer_in

CUT = "its answer was cut short"
NO_JSON = "its answer was not the JSON that was asked for"


class Answer(msgspec.Struct, frozen=True):
    """A message of a model as it arrived; it may still be cut, refused or nonsense. Tokens as it counted them."""

    text: str
    stop: str
    input_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0  # of the input, newly kept by the provider
    output_tokens: int = 0
    category: str = ""  # why it refused


class Trouble(msgspec.Struct, frozen=True):
    """Why there is no answer. `again`: another attempt may help, after `after` seconds if the endpoint said so.

    `ends`: no other request can do better. `form`: the endpoint does not take the form of the request. `billed`: the
    work may have been done all the same.
    """

    reason: str
    again: bool = False
    after: float | None = None
    ends: bool = False
    form: bool = False
    billed: bool = False


class Result(msgspec.Struct, frozen=True):
    """What became of one request: the decoded answer, or the reason why there is none."""

    request: Request
    content: dict[str, Any] | None = None
    reason: str = ""
    answer: Answer | None = None
    remembered: bool = False


def result_of(request: Request, answer: Answer, *, remembered: bool = False) -> Result:
    """An answer counts only when the model came to its end and gave what the schema asks for."""
    if answer.stop == "refusal":
        return Result(request, reason=f"refused ({answer.category})" if answer.category else "refused")
    if answer.stop in {"max_tokens", "model_context_window_exceeded"}:
        return Result(request, reason=CUT)
    if answer.stop != "end_turn":
        return Result(request, reason=f"stopped early ({answer.stop or 'no reason given'})")
    content = answer_in(answer.text, request.schema)
    return Result(request, content, "" if content is not None else NO_JSON, answer, remembered)
