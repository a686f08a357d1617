"""What names of a language, a framework or a library mean for values and types, said or by habit."""

from __future__ import annotations

from typing import Literal

from .bounds import ArgumentAt, Entry


class Meaning(Entry, frozen=True, kw_only=True):
    """What a call or decorator of the language or a framework means for values and types.

    "partial": the callable in `value` with other arguments bound. "inject": the result of the callable in `value`.
    "same": the value of that argument. "enters": what entering it gives. "setting": from outside, with the argument as
    its default. "context-manager": the decorated generator is entered. "property": the decorated method is read like an
    attribute. "cached": the decorated function runs once. "super": the parent's part of the receiver.
    "type-of-argument": the argument is a class, the result an instance of it. "items": iterating gives what the
    argument holds. "module": the module of that name. "member": the member of the first argument that the second names.
    "bag": an object of that type keeps what the program puts into it, by attribute or key. "entry": what a table has
    under that key, or the next argument.
    """

    names: tuple[str, ...]
    means: Literal[
        "partial",
        "inject",
        "same",
        "enters",
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
        "module",
        "member",
        "bag",
        "entry",
    ]
    value: ArgumentAt | None = None


class Habit(Entry, frozen=True, kw_only=True):
    """What an object of unknown origin is by the habit of names: ``path_icon.read_bytes()`` reads a file.

    Only where a receiver's name holds one of `receivers` (`whole`: is one) and one of `members` is taken from it.
    `by_use`: what is done with the call must fit too: it is awaited where the operation of `type` needs it, and only
    there. "imported": besides, its file imports `type`'s library and no other that has such a habit. "keywords":
    besides, the call names one of the arguments `keywords`.
    """

    type: str
    members: tuple[str, ...]
    receivers: tuple[str, ...]
    whole: bool = False
    on_class: bool = False  # a receiver that is imported is kept on a class
    unless: tuple[str, ...] = ()  # libraries of which the file imports none
    by_use: Literal["", "awaited", "imported", "keywords"] = ""
    keywords: tuple[str, ...] = ()
    anywhere: bool = False  # also in files that import nothing of the library
