"""What one endpoint does, step by step, through every service that it reaches."""

from __future__ import annotations

from typing import Literal

import msgspec

from .journeys import Policy
from .source import Place


class Message(msgspec.Struct, frozen=True):
    """One thing that a service says to a peer, and in `steps` what the peer does then, in the order of its code.

    `endpoint` is the peer's that answers, "" when nobody knows. `again`: its steps were told before. `looped`: once per
    item; `awaited`: somebody waits for it; `taken`: a message that the peer takes from a broker; `fallback`: its
    failure is handled. An unknown peer says `because`.
    """

    source: str
    target: str
    kind: Literal["sync", "async", "store"]
    protocol: str
    place: Place
    operation: str = ""
    policy: Policy = Policy()
    verb: str = ""
    path: str = ""
    topics: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    endpoint: str = ""
    looped: bool = False
    awaited: bool = True
    taken: bool = False
    fallback: bool = False
    because: str = ""
    again: bool = False
    steps: tuple[Message, ...] = ()


class Sequence(msgspec.Struct, frozen=True):
    """An endpoint and its steps; `cut` when there were more than anybody could read."""

    service: str
    endpoint: str
    place: Place
    steps: tuple[Message, ...] = ()
    cut: bool = False
