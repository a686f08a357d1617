"""Which lines of a file a comment on a change may stand on: those that its diff shows on the new side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

_HEAD = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class Shown(msgspec.Struct, frozen=True):
    """The lines of one file that a diff shows: each hunk maps its lines to what they were before, None for new ones."""

    hunks: Sequence[Mapping[int, int | None]] = ()
    former_path: str = ""

    def hunk_with(self, first: int, last: int) -> Mapping[int, int | None] | None:
        """The hunk that shows all lines from `first` to `last`; None if none does."""
        return next((one for one in self.hunks if all(line in one for line in range(first, last + 1))), None)


def shown_by(patch: str, former_path: str = "") -> Shown:
    """What the unified diff of one file shows; nothing for one that is empty (binary, too large)."""
    hunks: list[dict[int, int | None]] = []
    old = new = 0
    for line in patch.split("\n"):
        head = _HEAD.match(line)
        if head is not None:
            old, new = int(head[1]), int(head[2])
            hunks.append({})
        elif not hunks:
            continue
        elif line.startswith("+"):
            hunks[-1][new] = None
            new += 1
        elif line.startswith("-"):
            old += 1
        elif line.startswith(" "):
            hunks[-1][new] = old
            old, new = old + 1, new + 1
    return Shown(hunks, former_path)
