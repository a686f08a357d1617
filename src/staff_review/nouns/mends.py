"""How a call is mended, as one would write it: what the catalog says of libraries, so that no rule has to know one.

In these texts ``{a.b}`` is a symbol that the fix imports and spells as the file does, and ``{limit:s}`` or
``{limit:ms}`` is the time limit of the settings in that unit. Braces that are meant are doubled.
"""

from __future__ import annotations

import msgspec

from .source import Place


class Mend(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to write at calls of `names`; an empty text means that nothing mechanical is known.

    `limit` are arguments that bound the call in time, where a bare number in the argument of its time limit would be
    wrong; `stop` and `wait` arguments that end a retry and space its attempts; `expiry` one that ends an entry of a
    cache. `jittered` makes the same growing pause with a random part. `awaitable` is what a coroutine awaits instead,
    and `after_commit` what runs a callable once the transaction that it opens is committed. `thread` is false for what
    gains nothing on another thread, because its result blocks again.
    """

    names: tuple[str, ...]
    limit: str = ""
    stop: str = ""
    wait: str = ""
    jittered: str = ""
    expiry: str = ""
    awaitable: str = ""
    after_commit: str = ""
    thread: bool = True
    source: str | None = None


class Remedy(msgspec.Struct, frozen=True):
    """How one place is mended, in the texts of `Mend`.

    `limit` is the argument that bounds it in time; `position` (from 0) is where that one may stand without its name.
    `pause` is where a retry makes its pause, and `pause_call` the callee there, when `jittered` could stand for it.
    """

    limit: str = ""
    position: int | None = None
    stop: str = ""
    wait: str = ""
    jittered: str = ""
    pause: Place | None = None
    pause_call: str = ""
    expiry: str = ""
    awaitable: str = ""
    after_commit: str = ""
    thread: bool = True
