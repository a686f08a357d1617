"""What requests go through: policies along the way, chains, rings, and what they add up to."""

from __future__ import annotations

from typing import Literal

import msgspec

from .source import Place


class Policy(msgspec.Struct, frozen=True):
    """What bounds, repeats and cuts the calls of an edge; `attempts` counts the first try, `seconds` one attempt.

    `state`: "bounded", "unbounded" (someone waits for ever) or "unknown". `by`: where it was set.
    """

    state: Literal["bounded", "unbounded", "unknown"] = "unknown"
    seconds: float | None = None
    attempts: int | None = None  # None: nobody can say; 1: no retry
    endless: bool = False  # repeats without a bound
    whole: bool = False  # the limit is for all attempts together
    breaker: bool = False
    by: Literal["code", "gateway", "mesh", ""] = ""
    set_at: Place | None = None

    @property
    def worst(self) -> float | None:
        """The longest wait in seconds, all attempts included; None when nothing bounds it or nobody can say."""
        if self.state != "bounded" or self.seconds is None or self.endless:
            return None
        return self.seconds if self.whole else self.seconds * (self.attempts or 1)


class Leg(msgspec.Struct, frozen=True):
    """One call on a request's way: from an endpoint of one service to another service.

    `exact`: the endpoint that answers is known; else any of the callee's may. `mixed`: the call is for several
    endpoints and to several addresses, and nobody can tell which to which.
    """

    source: str
    target: str
    endpoint: str  # of the source, "" when nobody knows which
    place: Place
    protocol: str
    policy: Policy = Policy()
    looped: bool = False
    exact: bool = True
    mixed: bool = False


class Chain(msgspec.Struct, frozen=True):
    """A request that waits for services one behind the other.

    `seconds` is the sum of limits times attempts, None when a leg has no known bound; `attempts` is the most calls that
    the last service can see for one request; `availability` the product over the services, each taken as `EACH`.
    """

    endpoint: str
    legs: tuple[Leg, ...]
    seconds: float | None
    attempts: int
    endless: bool
    availability: float

    @property
    def services(self) -> tuple[str, ...]:
        """All services on the way, in order."""
        return (self.legs[0].source, *(leg.target for leg in self.legs))


EACH = 0.999
"""The availability assumed for a service of which nothing is said."""


class Ring(msgspec.Struct, frozen=True):
    """Services that wait for each other in a circle."""

    services: tuple[str, ...]
    legs: tuple[Leg, ...]


class Inversion(msgspec.Struct, frozen=True):
    """A caller that gives up before its callee can: the outer limit is shorter than the inner leg's worst case."""

    outer: Leg
    inner: Leg


class FanOut(msgspec.Struct, frozen=True):
    """An endpoint that waits for many calls in sequence; `looped` are those made once per item."""

    service: str
    endpoint: str
    legs: tuple[Leg, ...]
    looped: tuple[Leg, ...] = ()


class Chat(msgspec.Struct, frozen=True):
    """Several calls to one peer within one request."""

    service: str
    endpoint: str
    peer: str
    legs: tuple[Leg, ...]


class Shared(msgspec.Struct, frozen=True):
    """A database that several services use; `writers` write, `tables` are what two of them both name.

    `certain` is False when neither tables nor databases tell whether they share more than the server.
    """

    store: str
    services: tuple[str, ...]
    writers: tuple[str, ...]
    tables: tuple[str, ...]
    places: tuple[Place, ...]
    certain: bool


class Borrowing(msgspec.Struct, frozen=True):
    """Code of one service that imports another's own files."""

    service: str
    owner: str
    path: str
    imported: str


class Keystone(msgspec.Struct, frozen=True):
    """A service or store that most entry points cannot do without: how many of how many."""

    name: str
    needed_by: tuple[str, ...]
    of: int


class Judgement(msgspec.Struct, frozen=True):
    """Everything that the edges add up to; a check claims from it what its rule is about."""

    chains: tuple[Chain, ...] = ()
    rings: tuple[Ring, ...] = ()
    inversions: tuple[Inversion, ...] = ()
    fan_outs: tuple[FanOut, ...] = ()
    chats: tuple[Chat, ...] = ()
    notifications: tuple[Leg, ...] = ()
    unlimited: tuple[Leg, ...] = ()
    shared: tuple[Shared, ...] = ()
    borrowings: tuple[Borrowing, ...] = ()
    keystones: tuple[Keystone, ...] = ()
