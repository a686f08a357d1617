"""The linked program: what each call really does, what really applies to it, and who reaches it."""

from __future__ import annotations

from typing import Literal

import msgspec

from .findings import Step
from .libraries import REMOTE, Effect
from .source import Place


class Limit(msgspec.Struct, frozen=True):
    """The effective time limit of one call.

    `state`: "bounded", "unbounded" or "unknown" (then nobody may claim anything); `how` it was set, and `set_at` where.
    `on_purpose`: somebody wrote the absence down (``timeout=None``). `connect_only`: the answer has no limit.
    `certain` is False when something unseen could still set it (a DSN from the environment, a default that moved).
    """

    state: Literal["bounded", "unbounded", "unknown"]
    how: Literal[
        "argument", "client", "adapter", "wrapper", "enclosing", "default", "process", "caller", "not-due", "unseen"
    ]
    because: str
    seconds: float | None = None
    set_at: Place | None = None
    on_purpose: bool = False
    connect_only: bool = False
    by_default: bool = False  # held by a client whose maker said nothing
    certain: bool = True


class FunctionRef(msgspec.Struct, frozen=True, order=True):
    """A function of the program: its file and qualified name; `index` is its number in that file's facts."""

    path: str
    index: int
    qualified: str
    is_async: bool
    place: Place


class Loop(msgspec.Struct, frozen=True):
    """A loop around a call; `over` is what it runs over as written."""

    place: Place
    form: Literal["each", "count", "while", "endless", "retry"]
    over: str = ""
    few: bool = False  # over a literal or another small fixed set
    stops: bool = False  # ends at the first success: a search, not a visit of all
    batched: bool = False  # over pages or chunks


class Handler(msgspec.Struct, frozen=True):
    """What happens when an error reaches a `try` around a call.

    `catches`: the error types as canonical paths, empty for every error. `does`: any of "logs", "raises", "returns",
    "continues", "breaks", "uses" (the error object), "calls", "assigns"; empty for a handler that does nothing.
    """

    place: Place
    catches: tuple[str, ...]
    does: frozenset[str]
    broad: bool  # every error, or nearly


class Region(msgspec.Struct, frozen=True):
    """A policy region around a call inside its own function: an open transaction, a held lock, a semaphore."""

    kind: Literal["transaction", "lock", "semaphore", "limit", "breaker", "retry", "suppress"]
    place: Place
    name: str
    catches: tuple[str, ...] = ()  # what a suppressing region passes over


class Context(msgspec.Struct, frozen=True):
    """What stands around a call in its own function, innermost first."""

    loops: tuple[Loop, ...] = ()
    handlers: tuple[Handler, ...] = ()
    regions: tuple[Region, ...] = ()
    in_handler: bool = False
    once: bool = False  # runs in the first round of its loop only


class EntryRef(msgspec.Struct, frozen=True):
    """A function that the world calls, and how."""

    function: FunctionRef
    kind: Literal["request", "message", "task", "schedule", "command", "program", "start-up"]
    name: str
    limit: str = ""  # after which the framework itself ends the work


class Way(msgspec.Struct, frozen=True):
    """How a call comes to an effect: the library operation at the end, and the steps to it."""

    operation: str
    trail: tuple[Step, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """A call that means something: an operation of a library, or a project function with effects.

    `direct`: this call is the operation itself; else it lies behind functions of the project, and `ways` tells how each
    effect is reached. A site has a `limit` when it is an operation, or when it decides the limit that a wrapper takes.
    """

    place: Place
    function: FunctionRef
    call: str  # the callee as written: `self.session.get`
    operation: str
    effects: frozenset[Effect]
    context: Context
    awaited: bool
    direct: bool
    limit: Limit | None = None
    ways: dict[Effect, Way] = {}
    mend: str = ""
    batch: str | None = None
    many: bool = False
    discarded: bool = False
    receiver: str = ""
    offloaded: bool = False  # handed to another thread or process
    certain: bool = True  # the receiver's type is known, not inferred from habit
    is_client: bool = False  # the making of a client that holds the limit
    scheduled: bool = False  # its coroutine is started elsewhere: a task, a gather, a wait_for
    brief: bool = False  # over in microseconds
    streams: bool = False  # the answer is read piece by piece

    @property
    def remote(self) -> bool:
        """Whether this call leaves the process for another machine."""
        return not self.effects.isdisjoint(REMOTE)

    def way(self, wanted: frozenset[Effect]) -> Way:
        """The way to the first of the wanted effects (by name) that this call has."""
        for effect in sorted(wanted & self.effects):
            if effect in self.ways:
                return self.ways[effect]
        return Way(self.operation)


class Retry(msgspec.Struct, frozen=True):
    """A retry around remote work: a policy of a library, or a loop written by hand.

    `bounded`: whether attempts or time end it; `unbounded_because` says so in words. `delay`: "none", "fixed",
    "exponential", "jitter" or "unknown". `covers`: the calls it repeats.
    """

    place: Place
    function: FunctionRef
    name: str
    by_hand: bool
    bounded: Literal["yes", "no", "unknown"]
    unbounded_because: str
    delay: Literal["none", "fixed", "exponential", "jitter", "unknown"]
    on: Literal["any", "given", "unknown"]
    covers: tuple[Site, ...]
    catches: tuple[str, ...] = ()
    pause: Place | None = None  # the waiting between attempts of a loop
    certain: bool = True
    decorates: bool = False  # it stands on one function; otherwise what it repeats may be elsewhere


class Making(msgspec.Struct, frozen=True):
    """The making of a client: where, of what type, whether it holds a pool, and whether it is kept."""

    place: Place
    function: FunctionRef
    type: str
    call: str
    pooled: bool
    kept: bool  # on a module, an object, a cache: it outlives the call
    used: tuple[str, ...]  # the operations that are called on it here
    context: Context


class Weakening(msgspec.Struct, frozen=True):
    """A place that switches off the check of certificates; `certain` is False when a setting decides."""

    place: Place
    function: FunctionRef
    call: str
    what: str
    certain: bool


class FanOut(msgspec.Struct, frozen=True):
    """Many coroutines started at once: over what, doing what, and whether something holds them back."""

    place: Place
    function: FunctionRef
    call: str
    over: str
    each: tuple[Site, ...]
    held_back: bool
    few: bool


class Project(msgspec.Struct, frozen=True):
    """The whole linked program, as checks see it: sites, retries, clients, entries; places and names, no syntax."""

    sites: tuple[Site, ...] = ()
    retries: tuple[Retry, ...] = ()
    makings: tuple[Making, ...] = ()
    weakenings: tuple[Weakening, ...] = ()
    fan_outs: tuple[FanOut, ...] = ()
    entries: tuple[EntryRef, ...] = ()
    paths: dict[FunctionRef, tuple[Step, ...]] = {}  # from an entry point to each function that one reaches
    reached_by: dict[FunctionRef, EntryRef] = {}

    @property
    def remote_calls(self) -> tuple[Site, ...]:
        """Calls of library operations that leave the process, wherever their limit was set."""
        return tuple(site for site in self.sites if site.remote and site.direct)

    def serves(self, function: FunctionRef) -> EntryRef | None:
        """The request or message entry point that reaches `function`, if one is known."""
        entry = self.reached_by.get(function)
        return entry if entry is not None and entry.kind in ("request", "message", "task") else None
