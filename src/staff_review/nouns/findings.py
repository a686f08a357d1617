"""What is said: hits, findings, silences, gaps, and the review that holds them all."""

from __future__ import annotations

import msgspec

from .edits import DeferCall, Edit, KeepTask, RemoveArguments, ReplaceCallee, RunInThread, Safety, SetArguments
from .map_changes import MapChange
from .opinions import (
    PERSONA,
    ArchitectureNote,
    Certainty,
    Comment,
    Dropped,
    PersonaRun,
    SilencedComment,
    Spent,
    TradeOff,
    Verdict,
    Weight,
)
from .settings import Confidence, Severity
from .source import Place

__all__ = [
    "PERSONA",
    "ArchitectureNote",
    "Certainty",
    "Comment",
    "DeferCall",
    "Dropped",
    "Edit",
    "Fault",
    "Figures",
    "Finding",
    "Gap",
    "Hit",
    "Introduced",
    "KeepTask",
    "PersonaRun",
    "RemoveArguments",
    "ReplaceCallee",
    "Review",
    "RunInThread",
    "Safety",
    "SetArguments",
    "Silenced",
    "SilencedComment",
    "Spent",
    "Step",
    "Suggestion",
    "TradeOff",
    "Verdict",
    "Weight",
]


class Step(msgspec.Struct, frozen=True, order=True):
    """One step of a trail: a place and what happens there, in a few words."""

    place: Place
    text: str


class Suggestion(msgspec.Struct, frozen=True):
    """A fix as a reader may apply it: the lines to put in the place of those from `first` to `last`."""

    first: int
    last: int
    lines: tuple[str, ...]


class Hit(msgspec.Struct, frozen=True):
    """A bare claim of a check: where, names for the rule's message, and how we got there.

    `names` fill the braces of the rule's message, `clauses` those that the rule itself has words for. `scope` is the
    qualified name of the enclosing function and `subject` the offending expression, both for a fingerprint without line
    numbers. A check may lower the rule's severity or confidence for this one hit, never raise them. `policy` is what
    `why` shows: "limit" → "bounded by …".
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
    edit: Edit | None = None
    clauses: dict[str, str] = {}  # a name in the rule's words -> the clause that fills it


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
    edit: Edit | None = None
    subject: str = ""


class Silenced(msgspec.Struct, frozen=True):
    """A finding that was asked not to be shown, and where and why."""

    finding: Finding
    by: str  # "comment", "file comment", "settings", "baseline"
    reason: str = ""


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


class Introduced(msgspec.Struct, frozen=True):
    """What a change does; then the findings of its review are only those that it introduces, and `known` others stood.

    `commit` is the full id of what it is compared with ("" for nothing), `since` how the user named that ("" for HEAD).
    `lines` are those that it brought, by path. `elsewhere` are introduced findings, by fingerprint, in files that it
    does not touch, and `because` the places of the change on the trail of a finding. `map` is empty where no system was
    asked for. `linked` is how many files were, where only what stands near the change was, else None.
    """

    commit: str
    since: str = ""
    staged: bool = False
    files: int = 0
    linked: int | None = None
    lines: dict[str, frozenset[int]] = {}
    elsewhere: frozenset[str] = frozenset()
    because: dict[str, tuple[Place, ...]] = {}
    fixed: tuple[Finding, ...] = ()
    known: int = 0
    map: MapChange = MapChange()


class Review(msgspec.Struct, frozen=True):
    """All that is said; every format renders from it. `hidden` counts what is not shown, by why ("test code")."""

    findings: tuple[Finding, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    hidden: dict[str, int] = {}
    comments: tuple[Comment, ...] = ()
    silenced_comments: tuple[SilencedComment, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()
    figures: Figures = Figures()
    verdicts: tuple[Verdict, ...] = ()
    architecture: ArchitectureNote | None = None
    persona: PersonaRun | None = None  # None: no persona was asked
    introduced: Introduced | None = None  # None: the whole state was asked for, not a change
