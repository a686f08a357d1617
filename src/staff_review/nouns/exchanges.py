"""What the program exchanges with brokers and stores: messages taken, given back, rows changed after reading."""

from __future__ import annotations

from typing import Literal

import msgspec

from .acts import Option
from .functions import FunctionRef
from .site import Context
from .source import Place


class Delivery(msgspec.Struct, frozen=True):
    """A loop over what a consumer delivers; `options` are what the making of the consumer said."""

    place: Place
    function: FunctionRef
    consumer: str
    options: dict[str, Option]


class Refusal(msgspec.Struct, frozen=True):
    """A message given back in an error handler: `catches` as canonical paths, empty for every error.

    `broad`: the handler takes every error, or nearly. `chosen`: something in the handler decides whether it happens.
    """

    place: Place
    function: FunctionRef
    catches: tuple[str, ...]
    broad: bool
    chosen: bool


class Update(msgspec.Struct, frozen=True):
    """A value read from a store, changed, and written back.

    `read` is the reading call, None where the object comes from elsewhere; `change` as written ("account.balance"),
    `write` the call that stores it. `kind`: "field" of an object, "item" of a mapping, "value" under a key.
    """

    place: Place
    function: FunctionRef
    kind: Literal["field", "item", "value"]
    change: str
    write: Place
    call: str
    context: Context
    read: Place | None = None


class Handed(msgspec.Struct, frozen=True):
    """An object of a stored class given to a task: the argument as written, and the name of its class."""

    place: Place
    function: FunctionRef
    call: str
    argument: str
    type: str


class Declared(msgspec.Struct, frozen=True):
    """A consumer declared as a class: what its attributes, and those of its bases, say of the options.

    `own` are the options that its own body sets.
    """

    place: Place
    function: FunctionRef
    name: str
    options: dict[str, Option]
    own: frozenset[str] = frozenset()


class ChangeHandler(msgspec.Struct, frozen=True):
    """A function that a store's library calls when rows change; `event` is what it calls that.

    `within`: always before the commit, for the change itself opens a transaction.
    """

    function: FunctionRef
    event: str
    within: bool


class Exchanges(msgspec.Struct, frozen=True):
    """All of these, in file order.

    `settled`: types of producers that somewhere are entered as a context, or whose flush or close is handed over.
    `whole_requests`: where the settings put every request into one transaction, None where they do not.
    `late_acks`: where a setting has all tasks acknowledged after they ran, or may, None where none does.
    `task_limits`: where a setting ends every task that runs too long, None where none does.
    """

    deliveries: tuple[Delivery, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    updates: tuple[Update, ...] = ()
    handed: tuple[Handed, ...] = ()
    settled: frozenset[str] = frozenset()
    declared: tuple[Declared, ...] = ()
    change_handlers: tuple[ChangeHandler, ...] = ()
    whole_requests: Place | None = None
    late_acks: Place | None = None
    task_limits: Place | None = None
