"""What calls do to data, messages and the service itself, beyond taking time: the vocabulary of most rules."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

import msgspec

Constant: TypeAlias = str | int | float | bool | None


class Act(str, Enum):
    """What a call does. A closed list, as effects are: rules speak of acts, the catalog says which call does which."""

    PUBLISH = "publish"  # hands a message to a broker that keeps it
    BROADCAST = "broadcast"  # to whoever listens now; nobody keeps it
    ENQUEUE = "enqueue"  # starts a task of a worker through a broker
    CONSUME = "consume"  # begins to take messages, or takes one
    ACKNOWLEDGE = "acknowledge"  # tells the broker that a message is done with: ack, delete, commit of an offset
    REJECT = "reject"  # gives a message back or drops it
    TRY_AGAIN = "try-again"  # puts the running task back for another attempt
    FLUSH = "flush"  # waits until everything published has arrived
    PRODUCER = "make-producer"
    CONSUMER = "make-consumer"
    DECLARE_QUEUE = "declare-queue"
    READ = "read"  # rows, documents, objects of a store
    WRITE = "write"  # to a store
    STATEMENT = "statement"  # runs a text as a query
    ALL_ROWS = "all-rows"  # loads everything that a query finds
    OFFSET = "offset"  # skips a number of rows
    SCAN = "scan"  # walks a whole keyspace, table or bucket
    BEGIN = "begin-query"  # gives the query that others of its object are built on
    NARROW = "narrow"  # builds a query that leaves out rows
    COLUMNS = "columns"  # gives rows of values, not stored objects
    RELATE = "relate"  # declares that stored objects of one class know those of another
    ALONG = "load-along"  # loads related objects with the query
    SERIALISE = "serialise"  # shows stored objects by the fields that a class declares
    SHOW_RELATED = "show-related"  # as such a field, reads a relation of each object
    SHOW_BY_METHOD = "show-by-method"  # as such a field, asks a method of the class
    LIST_ROWS = "list-rows"  # as a base, serialises all rows of the class's query
    REGISTER = "register-view"  # has a view list the rows of a class
    RENDER = "render"  # puts a template's page together from what it is given by name
    COMMIT = "commit"
    ROLLBACK = "rollback"
    AFTER_COMMIT = "after-commit"  # runs the callable it is given once the transaction is committed
    ON_CHANGE = "on-change"  # has a function called whenever rows change
    CACHE_READ = "cache-read"
    CACHE_WRITE = "cache-write"
    CACHE_DELETE = "cache-delete"  # takes an entry away before its end
    SET_EXPIRY = "set-expiry"  # gives a key that is there an end
    MEMORISE = "memorise"  # keeps results in the memory of the process
    LOCK = "lock"  # takes a lock that other processes respect
    POOL = "make-pool"
    QUEUE = "make-queue"  # in the memory of the process
    FILL = "fill"  # puts an item into such a queue
    SESSION = "make-session"  # an object that only one task may use at a time
    EXECUTOR = "make-executor"
    RUN_LOOP = "run-loop"  # makes and runs an event loop of its own
    BREAKER = "make-breaker"
    SPAWN = "spawn"  # starts a task or thread of this process
    CHARGE = "charge"  # moves money or orders resources at a provider
    NOTIFY = "notify"  # mail, text message, webhook: seen by people, cannot be taken back
    LOG_ERROR = "log-error"  # at level error or above
    TRACE = "trace"  # sets up or opens a trace
    SERVE = "serve"  # runs the server of an application
    ON_SIGNAL = "on-signal"  # handles a signal, or a framework's shutdown
    DECODE_TOKEN = "decode-token"  # noqa: S105 - no secret, a name
    FETCH_TOKEN = "fetch-token"  # noqa: S105 - no secret, a name; asks an authority for a token or for its keys
    MEASURE = "measure"  # counts or times something under labels
    INSTRUMENT = "instrument"  # has the calls of a library traced
    COMPUTE = "compute"  # keeps a processor busy: hashes a password, scales a picture
    EXCLUDE = "exclude"  # takes a lock that other threads, tasks or processes respect
    AWAIT_EVENT = "await-event"  # waits until another thread or task says that something has happened
    AWAIT_READY = "await-ready"  # waits until one of several connections has something to read
    READ_UPLOAD = "read-upload"  # loads what a caller sent into memory


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A default by version: `value` holds below version `below`; the entry without `below` holds from there on."""

    value: str | int | float | bool
    below: str | None = None


class ValueAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a call takes an option that rules ask for: an argument by name or position (from 0), or a mapping's key.

    `also`: other arguments that say it too. `keys`: where it sits in a mapping that the argument holds
    ("enable.auto.commit"). `default`: what holds when nothing is said; a list by version as for time limits.
    """

    argument: str | None = None
    position: int | None = None
    also: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    default: str | int | float | bool | tuple[Since, ...] | msgspec.UnsetType = msgspec.UNSET


class Acting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What calls of `names` do, and the options that decide whether they do it well.

    Each call that makes a client is named for itself. `options` are in the field's words ("expiry", "auto-ack"), the
    same for every library.
    """

    names: tuple[str, ...]
    does: tuple[Act, ...]
    options: dict[str, ValueAt] = {}
    source: str | None = None


class Option(msgspec.Struct, frozen=True):
    """What one call says of one option.

    `state`: "given", "absent" (then `values` holds the library's default, if it is known), or "unseen" when more may
    be passed than is written. `values`: the constants that it can be, empty when no constant is known. `text`: as
    written. `mixed`: a text put together with values that are not constant. `certain`: not only a setting's default.
    """

    state: str
    values: tuple[Constant, ...] = ()
    text: str = ""
    mixed: bool = False
    certain: bool = True
