"""A call that means something: what it does, what stands around it, what bounds and repeats it."""

from __future__ import annotations

from typing import Literal

import msgspec

from .acts import Act, Option
from .findings import Step
from .functions import FunctionRef
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
        "argument",
        "client",
        "adapter",
        "wrapper",
        "enclosing",
        "default",
        "process",
        "caller",
        "not-due",
        "unseen",
        "mesh",
    ]
    because: str
    seconds: float | None = None
    set_at: Place | None = None
    on_purpose: bool = False
    connect_only: bool = False
    by_default: bool = False  # held by a client whose maker said nothing
    inner: float | None = None  # the call's own limit in seconds, where one around it decides
    certain: bool = True


class Loop(msgspec.Struct, frozen=True):
    """A loop around a call; `over` is what it runs over as written."""

    place: Place
    form: Literal["each", "count", "while", "endless", "retry"]
    over: str = ""
    few: bool = False  # over a literal or another small fixed set
    stops: bool = False  # ends at the first success: a search, not a visit of all
    batched: bool = False  # over pages or chunks
    names: frozenset[str] = frozenset()  # what it calls each item
    made: frozenset[str] = frozenset()  # what it calls their members, and what their methods give
    bound: frozenset[str] = frozenset()  # all names that a round gives a value


class Handler(msgspec.Struct, frozen=True):
    """What happens when an error reaches a `try` around a call.

    `catches`: the error types as canonical paths, empty for every error. `does`: any of "logs", "raises", "returns",
    "continues", "breaks", "answers" (by what it returns the caller can tell), "answers-empty" (as if there were
    nothing), "calls", "assigns", "told-after" (what follows the try says so); empty for a handler that does nothing.
    """

    place: Place
    catches: tuple[str, ...]
    does: frozenset[str]
    broad: bool  # every error, or nearly
    explained: bool = False  # a comment in it says why it does so


class Region(msgspec.Struct, frozen=True):
    """A policy region around a call inside its own function: an open transaction, a held lock, a semaphore."""

    kind: Literal["transaction", "lock", "semaphore", "limit", "breaker", "retry", "suppress"]
    place: Place
    name: str
    catches: tuple[str, ...] = ()  # what a suppressing region passes over
    decorates: bool = False  # it stands on the function, so around all of it
    seconds: float | None = None  # after which a limiting region ends


class Branch(msgspec.Struct, frozen=True):
    """One side of a choice (if, match, try): `leaves` when that side ends by leaving the function or the round."""

    choice: int
    side: int
    leaves: bool


class Context(msgspec.Struct, frozen=True):
    """What stands around a call in its own function, innermost first."""

    loops: tuple[Loop, ...] = ()
    handlers: tuple[Handler, ...] = ()
    regions: tuple[Region, ...] = ()
    in_handler: bool = False
    in_finally: bool = False
    once: bool = False  # runs in the first round of its loop only
    branches: tuple[Branch, ...] = ()  # innermost first


class Way(msgspec.Struct, frozen=True):
    """How a call comes to an effect: the library operation at the end, and the steps to it.

    `refused`: that operation raises in a coroutine.
    """

    operation: str
    trail: tuple[Step, ...] = ()
    refused: bool = False


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
    ways: dict[Effect | Act, Way] = {}
    mend: str = ""
    mend_at: Place | None = None  # where that is best written, if not here: the options that are spread into it
    batch: str | None = None
    batch_read: str | None = None  # where it only asks
    many: bool = False
    discarded: bool = False
    receiver: str = ""
    offloaded: bool = False  # handed to another thread or process
    certain: bool = True  # the receiver's type is known, not inferred from habit
    has_twin: bool = False  # what a coroutine awaits instead is called otherwise, so this one blocks for certain
    is_client: bool = False  # the making of a client that holds the limit
    kept: bool = False  # what it makes outlives its function
    scheduled: bool = False  # its coroutine is started elsewhere: a task, a gather, a wait_for
    brief: bool = False  # over in microseconds
    streams: bool = False  # the answer is read piece by piece
    acts: frozenset[Act] = frozenset()  # what it does, also through helpers
    options: dict[str, Option] = {}  # what it says of the options of its acts
    made_with: dict[str, Option] = {}  # what the making of its receiver said of its own
    made_at: Place | None = None  # where its receiver is made
    own_retry: OwnRetry | None = None  # what its client repeats by itself
    unheard: str = ""  # a limit that its function is given and passes on to nobody
    verb: str = ""  # GET, POST, … where it is known
    unheeded: bool = False  # it sends something, and nobody reads the answer but to see that it came
    repeatable: Literal["yes", "no", "unknown"] = "unknown"  # twice does no more than once
    adds: bool = False  # its words say that each time leaves one thing more with the peer: an order, a message
    uses: frozenset[str] = frozenset()  # names that its receiver and arguments mention
    gives: frozenset[str] = frozenset()  # names that its result is bound to
    built_of: frozenset[str] = frozenset()  # names that the statement which it runs was made of before
    asks_for: frozenset[str] = frozenset()  # names that its address goes on with, behind what says whom it asks
    since: dict[str, int] = {}  # of what it uses, the line from which on a name has the value it may have here

    @property
    def remote(self) -> bool:
        """Whether this call leaves the process for another machine."""
        return not self.effects.isdisjoint(REMOTE)

    @property
    def waits_for_us(self) -> bool:
        """Whether it waits for a thread, task or process of ours, and that for no peer: a command may have one."""
        return Effect.WAIT in self.effects and not (self.direct and self.remote and Effect.PROCESS in self.effects)

    def way(self, wanted: frozenset[Effect | Act]) -> Way:
        """The way to the first of the wanted effects or acts (by name) that this call has."""
        ways = [self.ways[mark] for mark in sorted(self.ways) if mark in wanted]
        return ways[0] if ways else Way(self.operation)

    def is_itself(self, wanted: frozenset[Effect | Act]) -> bool:
        """Whether it is the operation that has an effect, or a method of the same name put right before that."""
        way = self.way(wanted)
        return self.direct or (len(way.trail) == 1 and way.operation.rpartition(".")[2] == self.call.rpartition(".")[2])

    def before(self, other: Site) -> bool:
        """Whether `other`, in the same function, can run after this one in one go."""
        if self.function != other.function or self.place.span >= other.place.span:
            return False
        sides = {branch.choice: branch.side for branch in other.context.branches}
        return not any(
            sides[branch.choice] != branch.side if branch.choice in sides else branch.leaves
            for branch in self.context.branches
        )


class OwnRetry(msgspec.Struct, frozen=True):
    """What a client repeats by itself: how many attempts after the first, and where that was set (None: a default)."""

    more: int
    set_at: Place | None = None
    name: str = ""
