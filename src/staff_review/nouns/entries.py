"""Where the world calls a program."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from .functions import FunctionRef

EntryKind: TypeAlias = Literal["request", "message", "task", "schedule", "command", "program", "start-up"]
WAITED_FOR: frozenset[EntryKind] = frozenset({"request", "message", "task"})
"""Somebody, or a queue, waits until it is done."""
SERVED: frozenset[EntryKind] = WAITED_FOR | {"schedule"}
"""It begins again and again as long as a service runs."""


class EntryRef(msgspec.Struct, frozen=True):
    """A function that the world calls, and how."""

    function: FunctionRef
    kind: EntryKind
    name: str
    limit: str = ""  # after which the framework itself ends the work
    on_loop: bool = False  # it runs on an event loop: as a coroutine, or because its framework calls it there
    per_object: bool = False  # it gives a field of an object, and is called for each that is shown

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody, or a queue, waits until it is done."""
        return self.kind in WAITED_FOR

    @property
    def is_served(self) -> bool:
        """Whether it begins again and again as long as a service runs: what is waited for, and what a clock starts."""
        return self.kind in SERVED
