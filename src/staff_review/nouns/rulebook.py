"""All that we know that is not code: rules, standards, personas, the libraries of the catalog, products."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .acts import Act
from .libraries import Effect, Libraries
from .products import Products
from .settings import Confidence, Severity


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are the user's mistake, with the nearest valid one named by the loader."""


class Standard(_Entry, frozen=True, kw_only=True):
    """A short statement that rules enforce."""

    id: str
    title: str
    text: str


class Condition(_Entry, frozen=True, kw_only=True):
    """What a match asks of one option; everything written must hold. What is unseen holds nothing.

    `absent`: nothing is passed (or null), and no default of the library stands in. `equals`: every value it can be is
    one of these; without an argument the library's default is its value. `above` and `below`: every number it can be
    is. `mixed`: a text put together with values that are not constant.
    """

    absent: bool | None = None
    equals: tuple[str | int | float | bool, ...] | None = None
    above: float | None = None
    below: float | None = None
    mixed: bool | None = None


Where: TypeAlias = Literal[
    "serving",  # a request, a message or a task reaches it
    "request",
    "message",
    "task",
    "coroutine",
    "loop",
    "transaction",
    "lock",
    "retry",
    "breaker",
    "handler",
    "import",  # at the top level of a module
    "awaited",
    "discarded",  # nobody takes what it gives
]


class Match(_Entry, frozen=True, kw_only=True):
    """A pattern that is a whole check: calls that do one of `acts`, have one of `effects`, or have one of `names`.

    `options` are conditions on what the call says; `where` must all hold of its place, `unless` none. `limit` asks for
    its effective time limit. `through_helpers`: also calls of functions that come to it. `fix` is what `--fix` does.
    """

    acts: tuple[Act, ...] = ()
    effects: tuple[Effect, ...] = ()
    names: tuple[str, ...] = ()
    options: dict[str, Condition] = {}
    where: tuple[Where, ...] = ()
    unless: tuple[Where, ...] = ()
    limit: Literal["bounded", "unbounded"] | None = None
    through_helpers: bool = False
    fix: Literal["", "keep-task"] = ""
    severity: Severity | None = None
    confidence: Confidence | None = None


class Measured(_Entry, frozen=True, kw_only=True):
    """How often the rule was right, read by a person on public code: of `read` findings, `right` ones.

    `projects` are those that the rule was not written against.
    """

    on: str
    projects: tuple[str, ...]
    read: int
    right: int


class Rule(_Entry, frozen=True, kw_only=True):
    """One rule: its words and weight. Its check lives in ``checks/`` under the same name, or is its `match`."""

    id: str
    title: str
    message: str
    standard: str
    severity: Severity
    confidence: Confidence
    since: str
    why: str
    instead: str
    references: tuple[str, ...] = ()
    status: Literal["on", "preview", "opinion"] = "on"
    was: tuple[str, ...] = ()
    scale: dict[str, Severity] = {}
    bad: str = ""
    good: str = ""
    silent: tuple[str, ...] = ()  # when it does not speak, in words
    clauses: dict[str, str] = {}  # words of which a check picks one for a name in the others
    match: tuple[Match, ...] = ()
    measured: Measured | None = None
    family: str = ""  # the folder it stands in


class Lens(_Entry, frozen=True, kw_only=True):
    """One thing a persona looks for: narrow questions that code can answer, and look-alikes that are fine."""

    id: str
    title: str
    asks: tuple[str, ...]
    fine: tuple[str, ...] = ()
    hand_to: str = ""


class Persona(_Entry, frozen=True, kw_only=True):
    """A reviewer: who they are, what they know and care about, how they speak, and whom they hand a matter to."""

    name: str
    title: str
    who: str
    voice: str
    expertise: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    anti_patterns: tuple[str, ...] = ()
    success: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    hands_to: dict[str, str] = {}  # colleague → matters that are theirs
    lens: tuple[Lens, ...] = ()


class Rulebook(msgspec.Struct, frozen=True):
    """Everything known: rules by id, libraries, standards by id, products and what starts and configures services.

    `stamp` tells the state of the files that it was read from; "" for one that was put together.
    """

    rules: dict[str, Rule]
    libraries: Libraries
    standards: dict[str, Standard]
    products: Products = Products()
    stamp: str = ""
