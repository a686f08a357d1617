"""What a change does to the map: edges that come, go or are bounded otherwise, and how long requests may wait."""

from __future__ import annotations

from typing import Literal

import msgspec

from .journeys import Policy
from .source import Place


class EdgeChange(msgspec.Struct, frozen=True):
    """An edge in the direction in which data goes, and what bounds its calls, the longest wait first.

    `before` is None for an edge that is added, `after` for one that is removed. `place` is where its first call stands,
    or stood. Of messages, `topics` are those that the change adds or takes away, or all of them on a new edge.
    """

    source: str
    target: str
    kind: Literal["sync", "async", "store"]
    protocol: str
    before: tuple[Policy, ...] | None
    after: tuple[Policy, ...] | None
    place: Place | None = None
    topics: tuple[str, ...] = ()

    @property
    def added(self) -> bool:
        """Whether nobody made these calls before."""
        return self.before is None

    @property
    def removed(self) -> bool:
        """Whether nobody makes these calls any more."""
        return self.after is None


class Wait(msgspec.Struct, frozen=True):
    """How long a request may take at worst: the sum of limits times attempts on its slowest `way` of peers.

    `seconds` is None where a call on the way is bounded by nothing ("unbounded"), or nobody can say ("unknown").
    `looped`: a call on the way is made once per item, so that the time grows with them.
    """

    state: Literal["bounded", "unbounded", "unknown"]
    seconds: float | None
    way: tuple[str, ...]
    looped: bool = False


class WaitChange(msgspec.Struct, frozen=True):
    """An entry point whose worst wait is another one; None where it calls nobody."""

    service: str
    endpoint: str  # "" for the service as a whole
    before: Wait | None
    after: Wait | None


class MapChange(msgspec.Struct, frozen=True):
    """Everything that a change does to the map, in a stable order."""

    edges: tuple[EdgeChange, ...] = ()
    waits: tuple[WaitChange, ...] = ()

    def of(self, service: str) -> MapChange:
        """What a change does to one service: its edges, to it and from it, and the waits of its own requests."""
        return MapChange(
            tuple(one for one in self.edges if service in (one.source, one.target)),
            tuple(one for one in self.waits if one.service == service),
        )
