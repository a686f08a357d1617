"""What the engine knows of the calls on one line: the answer to `staff-review why PATH:LINE`."""

from __future__ import annotations

import msgspec

from .findings import Step
from .source import Place


class PolicyPart(msgspec.Struct, frozen=True):
    """One part of the policy that applies to a call ("limit", "retry", "breaker"), in words, and where it was set."""

    name: str
    text: str
    set_at: Place | None = None


class Judgement(msgspec.Struct, frozen=True):
    """What one rule made of a call: whether it spoke, and why or why not."""

    rule: str
    spoke: bool
    reason: str


class ExplainedCall(msgspec.Struct, frozen=True):
    """One call: as written, what it resolves to, what applies to it, who reaches it, which rules looked.

    `operation` is the canonical name, empty when the call is not known. Each of `paths` leads from an entry point here.
    """

    place: Place
    call: str
    operation: str = ""
    effects: tuple[str, ...] = ()
    policy: tuple[PolicyPart, ...] = ()
    paths: tuple[tuple[Step, ...], ...] = ()
    judgements: tuple[Judgement, ...] = ()


class Explanation(msgspec.Struct, frozen=True):
    """All calls that begin on one line, whose code is `text`; `nearby` are lines that have calls when it has none."""

    path: str
    line: int
    text: str = ""
    calls: tuple[ExplainedCall, ...] = ()
    nearby: tuple[int, ...] = ()
