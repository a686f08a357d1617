"""The last answers of a project, kept whole, so that asking again about files in a known state is only a look-up."""

from __future__ import annotations

import os
import zlib
from hashlib import blake2b

from .keep import drop, folder_for, name_for, write_whole
from .regular import contents

_MOST_ANSWERS = 8
"""Of one project: a commit asks about two states, a merge about three, and people go to and fro between branches."""
_MOST_BYTES = 1 << 28
_KEY = 16
_SUM = 4
_ENDING = ".answer"


class Memory:
    """The answers of one project, each under the key of everything it was drawn from, whoever asked for it.

    So what is staged is known as the past of the commit after it.
    """

    def __init__(self, root: str) -> None:
        absolute = os.path.abspath(root)
        self._folder = folder_for(absolute)
        self._stem = name_for(absolute, "-")

    def recall(self, key: bytes) -> bytes | None:
        """The answer kept under this key; None when there is none, or it is damaged."""
        path = self._path(key)
        try:
            data = contents(path, _MOST_BYTES) if path else b""
            answer = data[_KEY + _SUM :]
            if data[:_KEY] != key or data[_KEY : _KEY + _SUM] != zlib.crc32(answer).to_bytes(_SUM, "big"):
                return None
            os.utime(path)  # the answers that nobody asks for go first
        except (OSError, MemoryError):
            return None
        return answer

    def keep(self, key: bytes, answer: bytes) -> str:
        """Keep an answer, and drop those that were not asked for longest; "" or why it could not be kept."""
        path = self._path(key)
        if not path:
            return "the answer was not kept: this user has no folder for it"
        trouble = write_whole(path, [key, zlib.crc32(answer).to_bytes(_SUM, "big"), answer])
        self._forget()
        return trouble

    def _path(self, key: bytes) -> str:
        return os.path.join(self._folder, f"{self._stem}{key.hex()}{_ENDING}") if self._folder else ""

    def _forget(self) -> None:
        try:
            with os.scandir(self._folder) as entries:
                ours = [one for one in entries if one.name.startswith(self._stem) and one.name.endswith(_ENDING)]
                kept = sorted(((one.stat().st_mtime_ns, one.path) for one in ours), reverse=True)
        except OSError:
            return  # another run drops them at this moment
        for _, path in kept[_MOST_ANSWERS:]:
            drop(path)


def key_of(parts: list[bytes]) -> bytes:
    """A key of everything an answer depends on."""
    digest = blake2b(digest_size=_KEY)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
