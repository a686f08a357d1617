"""What the program gives away or lets in: secrets in its text, plain connections, queries put together from input."""

from __future__ import annotations

from typing import Literal

import msgspec

from .functions import FunctionRef
from .source import Place


class Secret(msgspec.Struct, frozen=True):
    """A secret written in the code; its text is not kept. `kind` in words; `argument`: what it was given as."""

    place: Place
    function: FunctionRef
    call: str
    kind: str
    argument: str = ""
    certain: bool = True


class PlainAddress(msgspec.Struct, frozen=True):
    """An address that a client or call is given whose scheme or options switch encryption off."""

    place: Place
    function: FunctionRef
    call: str
    scheme: str
    host: str
    because: str
    certain: bool = True


class Hole(msgspec.Struct, frozen=True):
    """One value put into the text of a query, as written, and where it comes from.

    "request": what a caller from outside sent; "parameter": a text that callers inside pass; "safe": a constant, a
    number, a quoted name; "unknown": nobody can say.
    """

    text: str
    origin: Literal["request", "parameter", "safe", "unknown"]


class Query(msgspec.Struct, frozen=True):
    """A statement whose text is put together from values."""

    place: Place
    function: FunctionRef
    call: str
    holes: tuple[Hole, ...]


class Switch(msgspec.Struct, frozen=True):
    """A developer's switch that is on: an option of the call that runs a server, or a setting (`DEBUG = True`).

    `as_program`: only when the file is run by hand (under ``__main__``). `open_to_all`: the server listens on every
    interface. `reload`: it only watches files.
    """

    place: Place
    function: FunctionRef
    call: str
    what: str
    as_program: bool = False
    open_to_all: bool = False
    reload: bool = False


class UncheckedToken(msgspec.Struct, frozen=True):
    """A call of a function that decodes a token, with its `switch` for the signature off.

    `elsewhere`: other calls of that function leave it on. `sent`: the token came with a request, and nobody on the way
    verifies it.
    """

    place: Place
    function: FunctionRef
    call: str
    switch: str
    elsewhere: bool
    sent: bool


class Exposures(msgspec.Struct, frozen=True):
    """All of these, in file order. `sent_tokens`: the decodings of a token that came with a request."""

    secrets: tuple[Secret, ...] = ()
    plain: tuple[PlainAddress, ...] = ()
    queries: tuple[Query, ...] = ()
    switches: tuple[Switch, ...] = ()
    sent_tokens: frozenset[Place] = frozenset()
    unchecked_tokens: tuple[UncheckedToken, ...] = ()
