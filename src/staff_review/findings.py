"""What is said: hits, findings, silences, gaps, and the review that holds them all."""

from __future__ import annotations

import msgspec

from .settings import Confidence, Severity
from .source import Place


class Step(msgspec.Struct, frozen=True):
    """One step of a trail: a place and what happens there, in a few words."""

    place: Place
    text: str


class Hit(msgspec.Struct, frozen=True):
    """A bare claim of a check: where, names for the rule's message, and how we got there.

    `names` fill the braces of the rule's message. `scope` is the qualified name of the enclosing function and `subject`
    the offending expression, both for a fingerprint without line numbers. A check may lower the rule's severity or
    confidence for this one hit, never raise them. `policy` is what `why` shows: "limit" → "bounded by …".
    """

    rule: str
    place: Place
    names: dict[str, str] = {}
    trail: tuple[Step, ...] = ()
    scope: str = ""
    subject: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    policy: dict[str, str] = {}


class Finding(msgspec.Struct, frozen=True):
    """A hit worded from its rule and weighed."""

    rule: str
    family: str
    place: Place
    severity: Severity
    confidence: Confidence
    message: str
    why: str
    instead: str
    fingerprint: str
    trail: tuple[Step, ...] = ()
    policy: dict[str, str] = {}
    scope: str = ""


class Silenced(msgspec.Struct, frozen=True):
    """A finding that was asked not to be shown, and where and why."""

    finding: Finding
    by: str  # "comment", "file comment", "settings"
    reason: str = ""


class Comment(msgspec.Struct, frozen=True):
    """A reviewer persona's remark on a place."""

    place: Place
    persona: str
    text: str


class Gap(msgspec.Struct, frozen=True):
    """Something that was not looked at, and why; line 0 stands for the whole file."""

    path: str
    line: int
    reason: str


class Fault(msgspec.Struct, frozen=True):
    """One of our own checks raised: which, and what it said; everything else stands."""

    check: str
    error: str


class Figures(msgspec.Struct, frozen=True):
    """How much was looked at; seconds by the wall clock."""

    files: int = 0
    parsed: int = 0
    cached: int = 0
    lines: int = 0
    seconds: float = 0.0
    tests: int = 0  # files of test code that were left out


class Review(msgspec.Struct, frozen=True):
    """All that is said; every format renders from it. `hidden` counts what is not shown, by why ("test code")."""

    findings: tuple[Finding, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    hidden: dict[str, int] = {}
    comments: tuple[Comment, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()
    figures: Figures = Figures()
