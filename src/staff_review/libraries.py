"""What libraries do: their operations, clients, limits, policies and entry points, as files of the catalog say it.

`docs/catalog.md` explains them to a user who adds a library. Every `names`, `made_by` and `type` is a canonical dotted
path; ``{a,b}`` multiplies, a last segment ``*`` stands for any one member, ``**`` for any chain of members and calls,
a ``*`` inside a segment for any run of characters. Durations are texts: ``"5s"``, ``"250ms"``, ``"2m"``, ``"none"``.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

import msgspec


class Effect(str, Enum):
    """What running an operation means for the service. A closed list: a new one is a design decision."""

    HTTP = "http"
    RPC = "rpc"
    DATABASE = "database"
    CACHE = "cache"
    QUEUE = "queue"  # publish to, or fetch from, a broker
    MAIL = "mail"
    STORAGE = "storage"
    CLOUD = "cloud"  # a provider's API behind a generic SDK
    SOCKET = "socket"
    BLOCKING = "blocking"  # the thread stands still meanwhile; poison on an event loop
    WAIT = "wait"  # for another thread, task or process of ours
    SLEEP = "sleep"
    FILE = "file"
    PROCESS = "process"
    LOG = "log"
    FAN_OUT = "fan-out"  # starts all its arguments at once


REMOTE = frozenset(map(Effect, ("http", "rpc", "database", "cache", "queue", "mail", "storage", "cloud", "socket")))
"""Effects that leave the process for another machine."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are the user's mistake, with the nearest valid one named by the loader."""


class ArgumentAt(_Entry, frozen=True, kw_only=True):
    """Which argument of a call carries a value: by name, by position (from 0, the receiver not counted), or both."""

    argument: str | None = None
    position: int | None = None


class Until(_Entry, frozen=True, kw_only=True):
    """A default by version: `value` holds below version `below`; the entry without `below` holds from there on."""

    value: str
    below: str | None = None


class TimeLimit(ArgumentAt, frozen=True, kw_only=True):
    """Where a call or a client takes its time limit.

    `default` is what holds when nothing is passed. `unit` is the unit of a bare number ("s" or "ms").
    `off` are the values that switch the limit off. `parts` names the items of a tuple ("connect", "read").
    `connect` names the argument that bounds only the connection; `also` names other arguments that bound the call too.
    `text_argument` is an address or DSN that may carry the limit as an option named in `text_keys`.
    `whole_process` names a process-wide default that a `[[config]]` may set ("socket").
    """

    default: str | tuple[Until, ...] = "none"
    unit: Literal["s", "ms"] = "s"
    off: tuple[int | float | str | None, ...] = (None,)
    parts: tuple[str, ...] = ()
    connect: str | None = None
    also: tuple[str, ...] = ()
    text_argument: ArgumentAt | None = None
    text_keys: tuple[str, ...] = ()
    whole_process: str | None = None
    path: tuple[str, ...] = ()  # where the limit sits inside a configuration mapping: ("socket.timeout.ms",)


class Verification(ArgumentAt, frozen=True, kw_only=True):
    """The argument that controls the check of the peer's certificate, and the values that switch it off."""

    off: tuple[bool | int | float | str | None, ...] = (False,)


class Verb(ArgumentAt, frozen=True, kw_only=True):
    """Where the verb of a call is: in the operation's own last name ("name"), or in an argument."""

    source: Literal["name", "argument"] = "argument"
    default: str | None = None


class Operation(_Entry, frozen=True, kw_only=True):
    """What a call of `names` does.

    `timeout` is the limit that the call itself takes; without one, `client_limit` says whether the client's applies
    ("client"), or the operation cannot wait by itself ("none": no limit is due).
    `forwards`: the call runs the callable in that argument with the arguments after it.
    `bounded_by`: other arguments whose presence means that the wait is bounded (``block=False``: "block=False").
    `batch` names the operation that takes many at once, for the message of call-in-loop.
    """

    names: tuple[str, ...]
    effects: tuple[Effect, ...]
    timeout: TimeLimit | None = None
    client_limit: Literal["client", "none", "unknown"] = "unknown"
    verb: Verb | None = None
    url: ArgumentAt | None = None
    verify: Verification | None = None
    bounded_by: tuple[str, ...] = ()
    batch: str | None = None
    brief: bool = False  # over in microseconds: a look at the disk, not a reading of it
    many: bool = False  # already a set operation, a cursor or a stream: fine once per page
    idempotent: Literal["yes", "no", "by-verb"] = "no"
    source: str | None = None


class Client(_Entry, frozen=True, kw_only=True):
    """An object that talks to a remote peer. `made_by` are the calls that give one; making one by its own name counts.

    `timeout` is the limit it holds for its calls. `report`: a client without a limit is reported where it is made
    ("client", for libraries whose calls take none) or at each call ("call"). `pooled`: it holds connections, so making
    one per request throws the pool away. `connects`: making it already opens a connection.
    """

    type: str
    made_by: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    timeout: TimeLimit | None = None
    report: Literal["client", "call"] = "call"
    pooled: bool = False
    connects: bool = False
    verify: Verification | None = None
    connectionless: tuple[str, ...] = ()  # names passed to its maker that mean: no peer to wait for
    limit_setters: tuple[str, ...] = ()  # methods that set the limit later: "settimeout"
    limit_attributes: tuple[str, ...] = ()  # attributes that set it when assigned
    carriers: tuple[str, ...] = ()  # methods that install an object which may set the limit: "mount"
    transport: ArgumentAt | None = None  # another object that may carry the limit: session=, http=, config=
    source: str | None = None


class LimitObject(_Entry, frozen=True, kw_only=True):
    """A value that describes a limit: `httpx.Timeout`, `aiohttp.ClientTimeout`, `botocore.config.Config`, a timedelta.

    `whole` bounds everything, `read` the waiting for an answer, `connect` the opening only. `parts_override`: the whole
    is only the default of the parts, so ``Timeout(5, read=None)`` waits for ever.
    """

    names: tuple[str, ...]
    whole: ArgumentAt | None = None
    read: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    parts_override: bool = False
    default: str = "none"
    unit: Literal["s", "ms", "m", "h", "d"] = "s"
    off: tuple[int | float | str | None, ...] = (None,)


class Policy(_Entry, frozen=True, kw_only=True):
    """A decorator, context manager or wrapper that bounds, retries, breaks, serialises or moves what it covers.

    For "limit": `seconds` is where the number is. For "retry": `stop`, `wait` and `on` are the arguments that bound,
    delay and choose; the defaults are what the library does without them (`stop_default` "never" or "attempts:10",
    `wait_default` "none", "fixed", "exponential" or "jitter"; `on_default` "any", "connection" or "given").
    For "offload": `callable` is the argument that is run elsewhere.
    """

    names: tuple[str, ...]
    kind: Literal["limit", "retry", "breaker", "transaction", "lock", "semaphore", "offload", "suppress", "spawn"]
    seconds: ArgumentAt | None = None
    callable: ArgumentAt | None = None
    covers: Literal["any", "async"] = "any"
    stop: tuple[ArgumentAt, ...] = ()
    stop_default: str = "never"
    wait: tuple[ArgumentAt, ...] = ()
    wait_default: Literal["none", "fixed", "exponential", "jitter"] = "none"
    on: tuple[ArgumentAt, ...] = ()
    on_default: Literal["any", "connection", "given"] = "any"
    source: str | None = None


class Term(_Entry, frozen=True, kw_only=True):
    """A word inside a retry policy: `tenacity.stop_after_attempt(3)` or `backoff.expo`.

    `means`: "attempts" and "seconds" bound it, "never" does not; "none", "fixed", "exponential", "jitter" delay it;
    "any" and "given" say which errors it retries.
    """

    names: tuple[str, ...]
    means: Literal["attempts", "seconds", "never", "none", "fixed", "exponential", "jitter", "any", "given"]
    value: ArgumentAt | None = None


class EntryPoint(_Entry, frozen=True, kw_only=True):
    """Where the world calls us: routes, consumers, tasks, commands.

    `by`: the names are decorators ("decorator"), classes to derive from whose `methods` are called ("base"), or calls
    that take the handler as an argument ("argument", at `handler`).
    """

    names: tuple[str, ...]
    kind: Literal["request", "message", "task", "schedule", "command", "start-up"]
    by: Literal["decorator", "base", "argument"] = "decorator"
    methods: tuple[str, ...] = ()
    handler: ArgumentAt | None = None
    limit: str | None = None  # after which the framework itself ends the work: "180s"


class Config(_Entry, frozen=True, kw_only=True):
    """A call or assignment that sets a process-wide default: `socket.setdefaulttimeout(5)` sets "socket"."""

    names: tuple[str, ...]
    sets: str
    value: ArgumentAt


class Meaning(_Entry, frozen=True, kw_only=True):
    """What a call or decorator of the language or a framework means for values and types.

    "partial": the callable in `value` with other arguments bound. "inject": the result of the callable in `value`.
    "same": the value of that argument. "setting": from outside, with the argument as its default. "context-manager":
    the decorated generator is entered. "property": the decorated method is read like an attribute. "cached": the
    decorated function runs once. "super": the parent's part of the receiver. "type-of-argument": the argument is a
    class, the result an instance of it. "items": iterating gives what the argument holds.
    """

    names: tuple[str, ...]
    means: Literal[
        "partial",
        "inject",
        "same",
        "setting",
        "context-manager",
        "property",
        "cached",
        "exit",
        "super",
        "type-of-argument",
        "items",
        "abstract",
        "count",
    ]
    value: ArgumentAt | None = None


class Habit(_Entry, frozen=True, kw_only=True):
    """What an object of unknown origin is by the habit of names: ``path_icon.read_bytes()`` reads a file.

    Only where a receiver's name holds one of `receivers` and one of `members` is taken from it.
    """

    type: str
    members: tuple[str, ...]
    receivers: tuple[str, ...]


class Insecure(_Entry, frozen=True, kw_only=True):
    """Calls and assignments that switch off the check of certificates, by name or by an argument's value."""

    names: tuple[str, ...]
    argument: str | None = None
    position: int | None = None
    off: tuple[bool | int | float | str | None, ...] = ()
    off_names: tuple[str, ...] = ()  # dotted symbols that mean "off": "ssl.CERT_NONE"
    assigned: bool = False  # `names` are attributes: `ssl.SSLContext.verify_mode = ssl.CERT_NONE`


class Library(_Entry, frozen=True, kw_only=True):
    """One library of one language, a file. `also` are roots that behave the same; `alias` folds paths."""

    library: str
    language: str
    source: str = ""
    package: str | None = None  # name in the package registry, for the version in use
    also: tuple[str, ...] = ()
    test_only: bool = False  # a file that imports it is test code
    alias: dict[str, str] = {}
    operation: tuple[Operation, ...] = ()
    client: tuple[Client, ...] = ()
    limit: tuple[LimitObject, ...] = ()
    policy: tuple[Policy, ...] = ()
    term: tuple[Term, ...] = ()
    entry: tuple[EntryPoint, ...] = ()
    config: tuple[Config, ...] = ()
    insecure: tuple[Insecure, ...] = ()
    meaning: tuple[Meaning, ...] = ()
    habit: tuple[Habit, ...] = ()
    returns: dict[str, str] = {}  # call path -> type of what it gives, where that is no client


Libraries: TypeAlias = tuple[Library, ...]
