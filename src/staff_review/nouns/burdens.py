"""What weighs more as data and traffic grow: queries for each object, results without a bound, what memory keeps."""

from __future__ import annotations

from typing import Literal

import msgspec

from .acts import Constant
from .findings import Step
from .functions import FunctionRef
from .site import Loop, Site
from .source import Place

AS_IT_IS_READ: frozenset[Constant] = frozenset({"select", True})
"""What the way of loading a relation is called when each object's is loaded as it is read."""

FILES = ("sqlite",)
"""How addresses of databases begin that are files of this machine."""


class LazyLoad(msgspec.Struct, frozen=True):
    """A relation read from each object of a query in a loop, which costs one query an object.

    `place` is where the query is built, for there it could load the relation along, or, where `key_only`, the reading
    itself: the row has the key. `function` holds the loop. `read` is the reading as written, `relation` its name, and
    `trail` leads to it. Without a relation it is a query run for each object by itself, told at its own place. `anew`:
    the query did load it along, and the reading narrows it, which asks again; then `place` is the reading too.
    `shown`: the objects are shown to whoever asks, and `resolved` field by field.
    """

    place: Place
    function: FunctionRef
    read: str
    relation: str
    loop: Loop
    trail: tuple[Step, ...] = ()
    key_only: bool = False
    anew: bool = False
    shown: bool = False
    resolved: bool = False


class Load(msgspec.Struct, frozen=True):
    """A whole result loaded into memory: by which call, of what class, or by what statement where it is constant.

    `whole`: nothing in the building of the query leaves out rows.
    """

    place: Place
    function: FunctionRef
    call: str
    whole: bool
    rows_of: str = ""
    text: str = ""


class Fill(msgspec.Struct, frozen=True):
    """One place that adds to what memory keeps; `by` is the name that the addition is kept under, "" for a queue."""

    place: Place
    function: FunctionRef
    by: str = ""


class Holding(msgspec.Struct, frozen=True):
    """Something that lives on and grows as it is filled: a queue, a mapping, kept results, a list emptied aside."""

    kind: Literal["queue", "mapping", "results", "buffer"]
    place: Place
    function: FunctionRef
    name: str
    call: str
    fills: tuple[Fill, ...] = ()


class HeldLock(msgspec.Struct, frozen=True):
    """A lock of threads that a coroutine holds while it waits for something else, at `awaits`."""

    place: Place
    function: FunctionRef
    name: str
    awaits: Place


class InTurn(msgspec.Struct, frozen=True):
    """Two remote calls awaited one after the other, of which the second needs nothing from the first."""

    first: Site
    second: Site


class Shared(msgspec.Struct, frozen=True):
    """An object for one task at a time that several tasks, started at once by `call`, are given."""

    place: Place
    function: FunctionRef
    call: str
    name: str


class Burdens(msgspec.Struct, frozen=True):
    """All of them, in file order."""

    lazy_loads: tuple[LazyLoad, ...] = ()
    loads: tuple[Load, ...] = ()
    holdings: tuple[Holding, ...] = ()
    held_locks: tuple[HeldLock, ...] = ()
    filling: frozenset[Place] = (
        frozenset()
    )  # with-blocks of locks in which one caller fetches what all others then find
    in_turn: tuple[InTurn, ...] = ()
    shared: tuple[Shared, ...] = ()
