"""What was worked out of all rules, kept from run to run as long as they are the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar

import msgspec

from .keep import folder_for, name_for, write_whole
from .regular import contents

_MOST_BYTES = 16_000_000
_T = TypeVar("_T", bound=msgspec.Struct)


def derived(stamp: str, ending: str, kind: type[_T], work: Callable[[], _T]) -> _T:
    """What `work` gives, from the last run with the same `stamp`; what another kept counts for nothing."""
    mark = blake2b(stamp.encode(), digest_size=32).digest()
    folder = folder_for()
    path = os.path.join(folder, name_for(kind.__name__, ending)) if folder else ""
    known = _kept(path, mark, kind)
    if known is None:
        known = work()
        if path:
            # Nothing is lost when it cannot be written: the next run works it out again.
            write_whole(path, [mark, msgspec.msgpack.encode(known)])
    return known


def _kept(path: str, mark: bytes, kind: type[_T]) -> _T | None:
    try:
        data = contents(path, _MOST_BYTES)
        return msgspec.msgpack.decode(memoryview(data)[len(mark) :], type=kind) if data[: len(mark)] == mark else None
    except (OSError, msgspec.DecodeError):
        return None
