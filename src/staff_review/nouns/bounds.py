"""Where calls, clients and limit objects of libraries say how long a thing may take and whom they trust."""

from __future__ import annotations

from typing import Literal

import msgspec

from .acts import Since


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are the user's mistake, with the nearest valid one named by the loader."""


class ArgumentAt(Entry, frozen=True, kw_only=True):
    """Which argument of a call carries a value: by name, by position (from 0, the receiver not counted), or both."""

    argument: str | None = None
    position: int | None = None


class Until(Since, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duration by version."""

    value: str


class TimeLimit(ArgumentAt, frozen=True, kw_only=True):
    """Where a call or a client takes its time limit.

    `default` is what holds when nothing is passed. `unit` is the unit of a bare number ("s" or "ms").
    `off` are the values that switch the limit off; null does too, unless `null_is_default`. `parts` names the items of
    a tuple ("connect", "read").
    `connect` names the argument that bounds only the connection; `also` names other arguments that bound the call too.
    `text_argument` is an address or DSN that may carry the limit as an option named in `text_keys`; with `text_seldom`,
    one that nobody can read is taken to carry none.
    `whole_process` names a process-wide default that a `[[config]]` may set ("socket").
    """

    default: str | tuple[Until, ...] = "none"
    unit: Literal["s", "ms"] = "s"
    off: tuple[int | float | str | None, ...] = (None,)
    null_is_default: bool = False
    parts: tuple[str, ...] = ()
    connect: str | None = None
    also: tuple[str, ...] = ()
    text_argument: ArgumentAt | None = None
    text_keys: tuple[str, ...] = ()
    text_seldom: bool = False
    whole_process: str | None = None
    path: tuple[str, ...] = ()  # where the limit sits inside a configuration mapping: ("socket.timeout.ms",)


class Verification(ArgumentAt, frozen=True, kw_only=True):
    """The argument that controls the check of the peer's certificate, and the values that switch it off."""

    off: tuple[bool | int | float | str | None, ...] = (False,)


class Insecure(Entry, frozen=True, kw_only=True):
    """Calls and assignments that weaken TLS, by name or by an argument's value.

    `about`: they switch off the check of certificates, allow a version of the protocol that is broken,
    or do without encryption. `left_out`: they do it too where the argument is not given.
    """

    names: tuple[str, ...]
    argument: str | None = None
    position: int | None = None
    off: tuple[bool | int | float | str | None, ...] = ()
    off_names: tuple[str, ...] = ()  # dotted symbols that mean "off": "ssl.CERT_NONE"
    left_out: bool = False
    assigned: bool = False  # `names` are attributes: `ssl.SSLContext.verify_mode = ssl.CERT_NONE`
    about: Literal["certificate", "version", "encryption"] = "certificate"


class Verb(ArgumentAt, frozen=True, kw_only=True):
    """Where the verb of a call is: in the operation's own last name ("name"), or in an argument."""

    source: Literal["name", "argument"] = "argument"
    default: str | None = None


class Called(ArgumentAt, frozen=True, kw_only=True):
    """Where the service is named that a call goes to: in an argument, or right behind its object: ``rpc.users.get``."""

    source: Literal["name", "argument"] = "argument"


class LimitObject(Entry, frozen=True, kw_only=True):
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


class Setting(Entry, frozen=True, kw_only=True):
    """A limit that a framework takes from its settings, and sets none without it.

    `name` is the setting that says there is a peer, `limit` the one that bounds every `call` to it. A module is one of
    the framework's settings if it gives one of `beside` too. `chosen_by` names the client that is used, and `chosen` is
    a part of the names of those that heed the limit.
    """

    name: str
    limit: str
    call: str
    beside: tuple[str, ...]
    chosen_by: str = ""
    chosen: str = ""
    source: str | None = None
