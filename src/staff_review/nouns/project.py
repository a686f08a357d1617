"""The linked program: what each call really does, what really applies to it, and who reaches it."""

from __future__ import annotations

from typing import Literal

import msgspec

from .acts import Act
from .burdens import Burdens
from .entries import EntryRef
from .exchanges import Exchanges
from .exposures import Exposures
from .findings import Step
from .functions import FunctionRef
from .libraries import ErrorSays
from .mends import Remedy
from .settings import Scale
from .signals import Signals
from .site import Branch, Context, Handler, Limit, Loop, OwnRetry, Region, Site, Way
from .source import Place
from .targets import Offer, Server, Target

__all__ = [
    "Branch",
    "Context",
    "FanOut",
    "FunctionRef",
    "Handler",
    "Limit",
    "Loop",
    "Making",
    "OwnRetry",
    "Project",
    "Region",
    "Retry",
    "Site",
    "Way",
    "Weakening",
]


class Retry(msgspec.Struct, frozen=True):
    """A retry around remote work: a policy of a library, or a loop written by hand.

    `attempts`: how often at most, None when nobody knows. `bounded`: whether attempts or time end it, or why not in
    `unbounded_because`. `delay`: "none", "fixed", "exponential", "jitter" or "unknown". `covers`: the calls it repeats.
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
    attempts: int | None = None
    capped: bool = True  # its pause cannot grow for ever
    decorates: bool = False  # it stands on one function; otherwise what it repeats may be elsewhere
    probes: bool = False  # it waits for the peer to be there, and takes no answer along
    queued: bool = False  # between attempts its task lies in a queue, and others have their turn
    stoppable: bool = False  # it lets out, in so many words, the signal by which a caller ends it
    joins: bool = False  # it only brings a connection about, or reads what nobody takes
    rests: bool = False  # it pauses so long that its attempts burden nobody
    begins_loop: bool = False  # what it begins anew is a loop of its own, as that of a server
    counted: bool = False  # its attempts are counted: only how long the peer lets each wait is open
    unseen: bool = False  # nobody knows what it repeats: no call to a peer, nothing that it is handed
    tuned: bool = False  # whoever runs it says how long it pauses: no number of the program does
    not_yet: bool = False  # it repeats after what is no failure: the code in it asks to be run once more
    on_client: bool = False  # given to a client, which repeats its own calls with it
    works: bool = False  # it takes work for ever: whoever began it is gone


class Making(msgspec.Struct, frozen=True):
    """The making of a client or a breaker: where, of what type, whether it holds a pool, and whether it is kept."""

    place: Place
    function: FunctionRef
    type: str
    call: str
    pooled: bool
    kept: bool  # on a module, an object, a cache: it outlives the call
    used: tuple[str, ...]  # the operations that are called on it here
    context: Context
    acts: frozenset[Act] = frozenset()
    passing: bool = False  # for an address, then closed again, or with a credential that its function is given
    handed_out: bool = False  # its function returns it at once: whoever asked may keep it
    varies: bool = False  # in a loop, and made of what the items say
    shareable: bool = (
        False  # one would do: it asks one peer, which the program itself names, and nobody keeps an answer
    )


class Weakening(msgspec.Struct, frozen=True):
    """A place that weakens TLS, its certificates or its version; `certain` is False when a setting decides.

    `by_default`: it happens where nothing is said: to the library, or to a function that nobody in sight calls.
    """

    place: Place
    function: FunctionRef
    call: str
    what: str
    certain: bool
    argument: str = ""  # of the call, when it is one that does it
    about: Literal["certificate", "version", "encryption"] = "certificate"
    by_default: bool = False
    asks_only: bool = False  # nothing goes along, and of the answer only its coming counts


class Unset(msgspec.Struct, frozen=True):
    """A limit that a framework's settings could give and do not: the setting that names the peer, and the limit's.

    `call` is what waits; `unread`: it is given, as an attribute of an object whose library never looks at it.
    """

    place: Place
    function: FunctionRef
    name: str
    limit: str
    call: str
    unread: bool = False


class FanOut(msgspec.Struct, frozen=True):
    """Many coroutines started at once: over what, doing what, and whether something holds them back."""

    place: Place
    function: FunctionRef
    call: str
    over: str
    each: tuple[Site, ...]
    held_back: bool
    few: bool
    grows: bool = False  # over what is known to grow with data, or with what callers send


class Project(msgspec.Struct, frozen=True):
    """The whole linked program, as checks see it: sites, retries, clients, entries; places and names, no syntax.

    `scale` is the declared one, None when nobody declared any.
    """

    sites: tuple[Site, ...] = ()
    retries: tuple[Retry, ...] = ()
    makings: tuple[Making, ...] = ()
    weakenings: tuple[Weakening, ...] = ()
    unset: tuple[Unset, ...] = ()
    fan_outs: tuple[FanOut, ...] = ()
    burdens: Burdens = Burdens()
    entries: tuple[EntryRef, ...] = ()
    paths: dict[FunctionRef, tuple[Step, ...]] = {}  # from an entry point to each function that one reaches
    reached_by: dict[FunctionRef, EntryRef] = {}
    apart: frozenset[FunctionRef] = frozenset()  # what threads and tasks of their own run, and what that calls
    watched: frozenset[FunctionRef] = frozenset()  # what runs only while a person looks on, and nobody else waits for
    guarded: dict[FunctionRef, frozenset[str]] = {}  # retries and breakers that some caller holds around a function
    optional: frozenset[FunctionRef] = frozenset()  # functions that may give nothing by design
    at_import: frozenset[Place] = frozenset()  # calls that run when their module is imported
    at_hand: frozenset[Place] = frozenset()  # calls to an address on the same machine that is written out
    wholes: dict[str, str] = {}  # file -> the first of all files that imports tie to it: one program, one service
    scale: Scale | None = None
    signals: Signals = Signals()
    exposures: Exposures = Exposures()
    exchanges: Exchanges = Exchanges()
    targets: tuple[Target, ...] = ()  # whom remote calls are made to; only where the system was asked for
    openings: tuple[Target, ...] = ()  # whom the clients of stores and brokers talk to, where they are made
    offers: tuple[Offer, ...] = ()
    servers: tuple[Server, ...] = ()
    imports: dict[str, tuple[str, ...]] = {}  # file -> files of the program that it imports
    errors: dict[str, ErrorSays] = {}  # error types that are caught -> what they say, where the catalog knows it
    remedies: dict[Place, Remedy] = {}  # how calls, decorators and with-blocks are mended, by their place

    @property
    def remote_calls(self) -> tuple[Site, ...]:
        """Calls of library operations that leave the process, wherever their limit was set."""
        return tuple(site for site in self.sites if site.remote and site.direct)

    def serves(self, function: FunctionRef) -> EntryRef | None:
        """The request or message entry point that reaches `function`, if one is known."""
        entry = self.reached_by.get(function)
        return entry if entry is not None and entry.is_waited_for else None
