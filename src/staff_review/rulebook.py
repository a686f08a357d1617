"""All that we know that is not code: rules, standards, personas, and the libraries of the catalog."""

from __future__ import annotations

from typing import Literal

import msgspec

from .libraries import Libraries
from .settings import Confidence, Severity


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are the user's mistake, with the nearest valid one named by the loader."""


class Standard(_Entry, frozen=True, kw_only=True):
    """A short statement that rules enforce."""

    id: str
    title: str
    text: str


class Rule(_Entry, frozen=True, kw_only=True):
    """One rule: its words and weight. Its check lives in ``checks/`` under the same name."""

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
    family: str = ""  # the folder it stands in


class Persona(_Entry, frozen=True, kw_only=True):
    """A reviewer: what they care about and how they speak."""

    name: str
    title: str
    prompt: str


class Rulebook(msgspec.Struct, frozen=True):
    """Everything known: rules by id, libraries, standards by id."""

    rules: dict[str, Rule]
    libraries: Libraries
    standards: dict[str, Standard]
