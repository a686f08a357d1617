"""The last answer of a project, kept whole, so that asking again about unchanged files is only a look-up."""

from __future__ import annotations

import os
import zlib
from hashlib import blake2b

from .keep import folder_for, name_for, write_whole
from .regular import contents

_MOST_BYTES = 1 << 28
_KEY = 16
_SUM = 4


class Memory:
    """One answer a project and purpose (`of`, a word), under the key of everything it was drawn from."""

    def __init__(self, root: str, of: str = "answer") -> None:
        absolute = os.path.abspath(root)
        folder = folder_for(absolute)
        self._path = os.path.join(folder, name_for(absolute, f".{of}")) if folder else ""

    def recall(self, key: bytes) -> bytes | None:
        """The answer kept under this key; None when there is none, or it is damaged."""
        try:
            data = contents(self._path, _MOST_BYTES) if self._path else b""
        except (OSError, MemoryError):
            return None
        answer = data[_KEY + _SUM :]
        if data[:_KEY] != key or data[_KEY : _KEY + _SUM] != zlib.crc32(answer).to_bytes(_SUM, "big"):
            return None
        return answer

    def keep(self, key: bytes, answer: bytes) -> str:
        """Keep an answer in place of the last one; "" or why it could not be kept."""
        if not self._path:
            return "the answer was not kept: this user has no folder for it"
        return write_whole(self._path, [key, zlib.crc32(answer).to_bytes(_SUM, "big"), answer])


def key_of(parts: list[bytes]) -> bytes:
    """A key of everything an answer depends on."""
    digest = blake2b(digest_size=_KEY)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
