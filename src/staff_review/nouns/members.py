"""Members that are known by their last name alone, whoever has them: the objects they are on are seldom seen."""

from __future__ import annotations

from typing import Literal

from .bounds import ArgumentAt, Entry


class Member(Entry, frozen=True, kw_only=True):
    """What a member of one of `names` does, on whatever object.

    "calls-later": it has a function called after the time in `pause`. "calls-soon": at once, or when something failed.
    "takes": it gives the next of several things. "delivers": so where it is told nothing of which. "puts": it gives one
    back, or adds one.
    """

    names: tuple[str, ...]
    does: Literal["calls-later", "calls-soon", "takes", "delivers", "puts"]
    pause: ArgumentAt | None = None
