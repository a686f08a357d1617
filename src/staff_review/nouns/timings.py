"""Where the time of a run went."""

from __future__ import annotations

import msgspec


class Timings(msgspec.Struct, frozen=True):
    """Seconds by the wall clock: of each phase in the order they began, of each rule's check, of each file read anew.

    The seconds of a file may have passed in another process, beside others. A rule that is not there was not asked: its
    claims were remembered from an earlier run.
    """

    phases: dict[str, float] = {}
    rules: dict[str, float] = {}
    files: dict[str, float] = {}
