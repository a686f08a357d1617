"""A function of the program, as everybody names it."""

from __future__ import annotations

import msgspec

from .source import Place


class FunctionRef(msgspec.Struct, frozen=True, order=True):
    """A function of the program: its file and qualified name; `index` is its number in that file's facts."""

    path: str
    index: int
    qualified: str
    is_async: bool
    place: Place
