"""What was worked out of files that seldom change, kept from run to run as long as they are the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar

import msgspec

from .keep import folder_for, name_for, write_whole
from .regular import contents

_MARK = 32
_MOST_BYTES = 64_000_000
_T = TypeVar("_T", bound=msgspec.Struct)
_LAST: dict[str, tuple[bytes, msgspec.Struct]] = {}
"""The last that was worked out, by its name: a process may review many projects."""


def derived(name: str, stamp: str, kind: type[_T], work: Callable[[], _T]) -> _T:
    """What `work` gives, from earlier in this process or from the last run that worked it out with the same `stamp`.

    `name` ends as the file is to end that keeps it (``….triggers``); another `stamp` under the same name replaces it.
    """
    mark = blake2b(stamp.encode("utf-8", "backslashreplace"), digest_size=_MARK).digest()
    last = _LAST.get(name)
    if last is not None and last[0] == mark and isinstance(last[1], kind):
        return last[1]
    folder = folder_for()
    path = os.path.join(folder, name_for(*os.path.splitext(name))) if folder else ""
    known = _kept(path, mark, kind)
    if known is None:
        known = work()
        if path:
            # Nothing is lost when it cannot be written: the next run works it out again.
            write_whole(path, [mark, msgspec.msgpack.encode(known)])
    _LAST[name] = (mark, known)
    return known


def _kept(path: str, mark: bytes, kind: type[_T]) -> _T | None:
    try:
        data = contents(path, _MOST_BYTES)
        return msgspec.msgpack.decode(memoryview(data)[_MARK:], type=kind) if data[:_MARK] == mark else None
    except (OSError, msgspec.DecodeError):
        return None
