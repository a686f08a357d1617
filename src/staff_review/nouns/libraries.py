"""What libraries do: their operations, clients, limits, policies and entry points, as files of the catalog say it.

`docs/catalog.md` explains them to a user who adds a library. Every `names`, `made_by` and `type` is a canonical dotted
path; ``{a,b}`` multiplies, a last segment ``*`` stands for any one member, ``**`` for any chain of members and calls,
a ``*`` inside a segment for any run of characters. Durations are texts: ``"5s"``, ``"250ms"``, ``"2m"``, ``"none"``.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

import msgspec

from .acts import Acting
from .bounds import ArgumentAt, Called, Entry, Insecure, LimitObject, Setting, TimeLimit, Until, Verb, Verification
from .commands import PeerProgram
from .meanings import Habit, Meaning
from .members import Member
from .mends import Mend

__all__ = [
    "REMOTE",
    "ArgumentAt",
    "Client",
    "Config",
    "Effect",
    "EntryPoint",
    "Error",
    "ErrorSays",
    "Habit",
    "Insecure",
    "Libraries",
    "Library",
    "LimitObject",
    "Meaning",
    "Mend",
    "Operation",
    "PeerProgram",
    "Policy",
    "Setting",
    "Term",
    "TimeLimit",
    "Until",
    "Verb",
    "Verification",
]


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


class Operation(Entry, frozen=True, kw_only=True):
    """What a call of `names` does.

    `timeout` is the limit that the call itself takes; without one, `client_limit` says whether the client's applies
    ("client"), or the operation cannot wait by itself ("none": no limit is due).
    `bounded_by`: other arguments whose presence means that the wait is bounded (``block=False``: "block=False").
    `batch` names the operation that takes many at once, for messages; `batch_read` what does for a call that only asks,
    where that is something else.
    """

    names: tuple[str, ...]
    effects: tuple[Effect, ...]
    timeout: TimeLimit | None = None
    client_limit: Literal["client", "none", "unknown"] = "unknown"
    verb: Verb | None = None
    url: ArgumentAt | None = None
    service: Called | None = None
    component: ArgumentAt | None = None  # the name under which the platform keeps the peer
    verify: Verification | None = None
    bounded_by: tuple[str, ...] = ()
    waits_if_made_with: ArgumentAt | None = None  # of the making of its object: without it there is nothing to wait for
    waits_if_given: ArgumentAt | None = None  # without it, or with nothing, it looks and does not wait
    runs: ArgumentAt | None = None  # the command line that it starts, or that its object was made to run
    batch: str | None = None
    batch_read: str | None = None
    brief: bool = False  # over in microseconds: a look at the disk, not a reading of it
    many: bool = False  # already a set operation, a cursor or a stream: fine once per page
    idempotent: Literal["yes", "no", "by-verb", "unknown"] = "unknown"
    source: str | None = None


class Client(Entry, frozen=True, kw_only=True):
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
    same_machine: tuple[str, ...] = ()  # names passed to its maker that mean: its peer is on the same machine
    limit_setters: tuple[str, ...] = ()  # methods that set the limit later: "settimeout"
    limit_attributes: tuple[str, ...] = ()  # attributes that set it when assigned
    unread_attributes: tuple[str, ...] = ()  # attributes that look as if they did, and that the library never reads
    carriers: tuple[str, ...] = ()  # methods that install an object which may set the limit: "mount"
    transport: ArgumentAt | None = None  # another object that may carry the limit: session=, http=, config=
    limited_by: tuple[str, ...] = ()  # types that give each of its calls their limit, when one of theirs makes it
    source: str | None = None


class Policy(Entry, frozen=True, kw_only=True):
    """A decorator, context manager or wrapper that bounds, retries, breaks, serialises or moves what it covers.

    `seconds` is where a limit's number is, or which of `stop` bounds the time. For "retry": `stop`, `wait` and `on` are
    the arguments that bound, delay and choose; the defaults are what the library does without them (`stop_default`
    "never" or "attempts:10", `wait_default` "none", "fixed", "exponential" or "jitter"; `on_default` "any",
    "connection", "given", or "result" for what looks at answers and not at errors).
    `growth` are arguments that make a pause of a bare number grow; without any, such a pause grows by itself.
    `jitter` is the argument that makes a growing pause random, `jitter_default` whether it is so without it.
    `verbs` are the arguments that widen it to verbs that are not idempotent; without any, it repeats every verb.
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
    growth: tuple[ArgumentAt, ...] = ()
    jitter: ArgumentAt | None = None
    jitter_default: bool = False
    on: tuple[ArgumentAt, ...] = ()
    on_default: Literal["any", "connection", "given", "result"] = "any"
    verbs: tuple[ArgumentAt, ...] = ()
    source: str | None = None


class Term(Entry, frozen=True, kw_only=True):
    """A word inside a retry policy: `tenacity.stop_after_attempt(3)` or `backoff.expo`.

    `means`: "attempts" and "seconds" bound it, "never" does not; "none", "fixed", "exponential", "jitter" delay it;
    "any" and "given" say which errors it retries, "result" that it looks at answers and not at errors.
    """

    names: tuple[str, ...]
    means: Literal["attempts", "seconds", "never", "none", "fixed", "exponential", "jitter", "any", "given", "result"]
    value: ArgumentAt | None = None


class EntryPoint(Entry, frozen=True, kw_only=True):
    """Where the world calls us: routes, consumers, tasks, commands.

    `by`: the names are decorators ("decorator"), classes to derive from whose `methods` are called ("base"), or calls
    that take the handler as an argument ("argument", at `handler`). `on_loop`: a handler that is no coroutine is called
    on the event loop too, not on a thread. `per_object`: what is called so gives a field of an object, and where many
    are shown it is called for each.
    """

    names: tuple[str, ...]
    kind: Literal["request", "message", "task", "schedule", "command", "start-up"]
    by: Literal["decorator", "base", "argument"] = "decorator"
    methods: tuple[str, ...] = ()
    handler: ArgumentAt | None = None
    limit: str | None = None  # after which the framework itself ends the work: "180s"
    on_loop: bool = False
    per_object: tuple[str, ...] = ()


class Config(Entry, frozen=True, kw_only=True):
    """A call or assignment that sets a process-wide default: `socket.setdefaulttimeout(5)` sets "socket"."""

    names: tuple[str, ...]
    sets: str
    value: ArgumentAt


ErrorSays: TypeAlias = Literal["everything", "failure", "which-failure", "not-sent", "conflict", "not-yet"]


class Error(Entry, frozen=True, kw_only=True):
    """What an error says of the call that raised it; others name one expected outcome, such as that nothing was found.

    "everything": any error at all. "failure": that it failed. "which-failure": so, and its name alone says how.
    "not-sent": it failed before anything left. "conflict": somebody else was faster. "not-yet": nothing failed, and who
    asked raises it to ask once more.
    """

    names: tuple[str, ...]
    says: ErrorSays
    source: str | None = None


class Library(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One library of one language, a file. `also` are roots that behave the same; `alias` folds paths."""

    library: str
    language: str
    source: str = ""
    package: str | None = None  # name in the package registry, for the version in use
    speaks: str = ""  # the one product, or provider, that its clients talk to: "mongodb", "stripe"
    also: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()  # roots of further modules that come with it, as those of the language do
    test_only: bool = False  # a file that imports it is test code
    whole_requests: str = ""  # the key in its settings that puts every request into one transaction
    task_limits: tuple[str, ...] = ()  # the names of the settings by which every task is ended that runs too long
    late_acks: tuple[str, ...] = ()  # the names of the setting by which all tasks are acknowledged after they ran
    refuses_loop: bool = False  # its database calls raise in a coroutine: a way that leads there is seldom gone
    alias: dict[str, str] = {}
    operation: tuple[Operation, ...] = ()
    act: tuple[Acting, ...] = ()
    client: tuple[Client, ...] = ()
    limit: tuple[LimitObject, ...] = ()
    policy: tuple[Policy, ...] = ()
    term: tuple[Term, ...] = ()
    entry: tuple[EntryPoint, ...] = ()
    config: tuple[Config, ...] = ()
    setting: tuple[Setting, ...] = ()
    insecure: tuple[Insecure, ...] = ()
    error: tuple[Error, ...] = ()
    mend: tuple[Mend, ...] = ()
    program: tuple[PeerProgram, ...] = ()
    meaning: tuple[Meaning, ...] = ()
    habit: tuple[Habit, ...] = ()
    member: tuple[Member, ...] = ()
    returns: dict[str, str] = {}  # call path -> type of what it gives, where that is no client
    words: tuple[str, ...] = ()  # that make a file worth reading whatever it imports


Libraries: TypeAlias = tuple[Library, ...]
