"""What an expression can be: the small set of shapes that evaluation gives."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from ...nouns.facts import Expr

CallKey: TypeAlias = tuple[str, int]
"""A call of the program: its file's path and its index in that file's facts."""
FunctionKey: TypeAlias = tuple[str, int]
"""A function of the program: its file's path and its index in that file's facts."""


class _Value(msgspec.Struct, frozen=True):
    """Hashable, so that sets of values stay small."""


class Unknown(_Value, frozen=True):
    """Nobody can say."""


UNKNOWN = Unknown()


class Literal(_Value, frozen=True):
    """A constant. `setting` means that it is only the default of something set from outside."""

    value: str | int | float | bool | None
    path: str = ""
    line: int = 0
    setting: bool = False


class External(_Value, frozen=True):
    """A symbol of a library, by canonical path; `receiver` is the object it was taken from, if any."""

    path: str
    receiver: Value | None = None
    guessed: bool = False  # by the habit of names, not by what is written


class Instance(_Value, frozen=True):
    """An object of a library's type; `made` is the call that gave it, None when only its type is known.

    `of` is the class of the program whose objects it finds or holds, where it is a query or a list of them.
    """

    type: str
    made: CallKey | None = None
    of: ClassValue | None = None


class Module(_Value, frozen=True):
    """A file of the program as a module."""

    path: str


class Package(_Value, frozen=True):
    """A folder of the program without a file of its own, as a dotted name seen from `origin`."""

    name: str
    origin: str


class FunctionValue(_Value, frozen=True):
    """A function of the program; `receiver` is bound to its first parameter."""

    key: FunctionKey
    receiver: Value | None = None


class ClassValue(_Value, frozen=True):
    """A class of the program."""

    path: str
    index: int


class Object(_Value, frozen=True):
    """An instance of a class of the program; `made` is the call that gave it."""

    path: str
    index: int
    made: CallKey | None = None


class Partial(_Value, frozen=True):
    """A call of `functools.partial` or its like: a callee with some arguments bound."""

    call: CallKey


class Given(_Value, frozen=True):
    """A parameter, still standing for what callers pass."""

    function: FunctionKey
    name: str
    not_none: bool = False


class Written(_Value, frozen=True):
    """An expression kept as written, with the place where its names mean something."""

    path: str
    block: int
    expr: Expr


Value: TypeAlias = (
    Unknown
    | Literal
    | External
    | Instance
    | Module
    | Package
    | FunctionValue
    | ClassValue
    | Object
    | Partial
    | Given
    | Written
)
Values: TypeAlias = tuple[Value, ...]
