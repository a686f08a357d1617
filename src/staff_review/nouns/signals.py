"""What the program tells, and fails to tell, of itself: failures, measures, traces, health, and how it ends."""

from __future__ import annotations

import msgspec

from .functions import FunctionRef
from .source import Place


class ErrorLog(msgspec.Struct, frozen=True):
    """A handler around remote work that logs the failure at level error or above; `place` is the logging call.

    `tried`: the operation that failed. `catches` as canonical paths, empty for every error. `names_error`: the error
    object is mentioned somewhere in the handler. `stack`: its stack is kept, or may be. `raises`: it goes on upwards,
    or ends the program.
    """

    place: Place
    function: FunctionRef
    call: str
    tried: str
    catches: tuple[str, ...]
    names_error: bool
    stack: bool
    raises: bool


class Missing(msgspec.Struct, frozen=True):
    """A handler that at most speaks of a failure, after which `name` is read: only the call that failed gives it.

    `at` is where that call is; `foreign`: of a function that nobody in sight defines. `catches` as canonical paths,
    empty for every error.
    """

    place: Place
    function: FunctionRef
    call: str
    at: Place
    name: str
    catches: tuple[str, ...]
    foreign: bool


class Swallow(msgspec.Struct, frozen=True):
    """A handler in a coroutine that ends a cancellation: `catches` as written, "" for a bare one.

    `looped`: the work goes on in a loop around it; `after`: more is awaited after it. `explained`: a comment says why.
    """

    place: Place
    function: FunctionRef
    catches: str
    looped: bool
    after: bool
    explained: bool = False


class Label(msgspec.Struct, frozen=True):
    """A value under which something is measured: the label's name where it is known, and the value as written.

    `told`: the value is the text of an error (`str(error)`).
    """

    place: Place
    function: FunctionRef
    call: str
    name: str
    value: str
    told: bool = False


class Forgotten(msgspec.Struct, frozen=True):
    """A coroutine that is made and dropped: `callee` is what would have run."""

    place: Place
    function: FunctionRef
    call: str
    callee: str


class Utterance(msgspec.Struct, frozen=True):
    """A value with a telling name that goes into a log, as written."""

    place: Place
    function: FunctionRef
    call: str
    value: str


class ServiceCode(msgspec.Struct, frozen=True):
    """Files that belong together by their imports and make an application that answers requests.

    `place`: where the application is made. `health`: something in them looks like a health check. `watched`: libraries
    for traces, metrics or error reports that they, or files beside them, import. `instrumented`: clients whose calls
    are traced ("all", "by-hand"); `untraced`: calls of clients that could be and are not.
    """

    place: Place
    function: FunctionRef
    call: str
    routes: int
    remote_calls: int
    health: bool
    watched: frozenset[str]
    instrumented: frozenset[str] = frozenset()
    untraced: tuple[UntracedCall, ...] = ()


class UntracedCall(msgspec.Struct, frozen=True):
    """A call that leaves a traced service without its trace; `library` could be instrumented."""

    place: Place
    function: FunctionRef
    call: str
    library: str


class TokenFetch(msgspec.Struct, frozen=True):
    """A token of the service itself, or the keys of an issuer, asked for anew; `what` in words."""

    place: Place
    function: FunctionRef
    call: str
    what: str


class ConsumerLoop(msgspec.Struct, frozen=True):
    """A loop without an end that takes messages, written by hand; `closes`: its function closes what it holds."""

    place: Place
    function: FunctionRef
    call: str
    closes: bool


class Signals(msgspec.Struct, frozen=True):
    """All of these, in file order."""

    error_logs: tuple[ErrorLog, ...] = ()
    missing: tuple[Missing, ...] = ()
    swallows: tuple[Swallow, ...] = ()
    labels: tuple[Label, ...] = ()
    forgotten: tuple[Forgotten, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    services: tuple[ServiceCode, ...] = ()
    token_fetches: tuple[TokenFetch, ...] = ()
    consumer_loops: tuple[ConsumerLoop, ...] = ()
    liveness: frozenset[FunctionRef] = frozenset()  # handlers that only say that the process lives
