"""What makes a file worth reading whole, and what a first look at it shows."""

from __future__ import annotations

import msgspec


class Triggers(msgspec.Struct, frozen=True):
    """What makes a file worth reading: an imported root together with one of its names (no names: the root is enough).

    `asynchronous` counts only in files that define coroutines; names under the root "" need no import; `texts` are
    enough wherever they stand; a file that imports one of `tests` is test code. `installed` are the roots of libraries
    that do not come with the language.
    """

    names: dict[str, frozenset[str]]
    asynchronous: dict[str, frozenset[str]]
    texts: tuple[bytes, ...] = ()
    tests: frozenset[str] = frozenset()
    installed: frozenset[str] = frozenset()


class Glance(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A first look at one file: what it imports, and whether it names something that matters."""

    imports: tuple[str, ...]
    wanted: bool
    test: bool = False
