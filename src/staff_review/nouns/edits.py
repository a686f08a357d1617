"""What a mend changes, in no library's terms: a check proposes it, the worker of fixes carries it out."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .source import Place

Safety: TypeAlias = Literal["safe", "declared", "unsafe"]
"""Whether a correct program may notice an edit: it cannot; only in what the user declared in the settings; it may."""


class _Edit(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A change at one call or bare decorator: where it stands, its callee as the check saw it, how safe it is."""

    place: Place
    call: str
    safety: Safety = "unsafe"


class SetArguments(_Edit, frozen=True, kw_only=True):
    """Gives the call these arguments; the text is one of `mends`.

    `replaces`: those of the same name, or at `position` (from 0) without one, are overwritten; else they are respected.
    """

    arguments: str
    position: int | None = None
    replaces: bool = False


class RemoveArguments(_Edit, frozen=True, kw_only=True):
    """Takes the arguments of these names away, so that the callee's own defaults hold."""

    names: tuple[str, ...]


class ReplaceCallee(_Edit, frozen=True, kw_only=True):
    """Calls another: a text of `mends`, or, after a dot, another member of the same object; awaited if it must be."""

    callee: str
    awaited: bool = False


class RunInThread(_Edit, frozen=True, kw_only=True):
    """Awaits the call on another thread, so that the event loop goes on."""


class DeferCall(_Edit, frozen=True, kw_only=True):
    """Hands the call, its arguments evaluated now, to the function `to` (a text of `mends`) that runs it later."""

    to: str


class KeepTask(_Edit, frozen=True, kw_only=True):
    """Keeps the task that the call starts in a set of the module until it is done."""


Edit: TypeAlias = SetArguments | RemoveArguments | ReplaceCallee | RunInThread | DeferCall | KeepTask


def is_safe(edit: Edit | None, *, declared: bool) -> bool:
    """Whether no correct program can notice an edit, or, with `declared`, only in what the settings declare."""
    return edit is not None and (edit.safety == "safe" or (declared and edit.safety == "declared"))
