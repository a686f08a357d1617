"""What code of any language mentions, by its place and contents, so that a file is searched only once."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b

import msgspec

from ..nouns.deployment import Code
from .keep import folder_for, name_for, write_whole
from .regular import contents

_KEY = 16
_SUM = 4
_MOST_BYTES = 1 << 28
_CODES = msgspec.msgpack.Decoder(dict[bytes, msgspec.Raw])
_CODE = msgspec.msgpack.Decoder(Code)


class Codes:
    """What was found in files of one project by this `version` of the engine; without a root, in this run alone."""

    def __init__(self, root: str = "", version: str = "") -> None:
        folder = folder_for(os.path.abspath(root)) if root else ""
        self._path = os.path.join(folder, name_for(os.path.abspath(root), ".code")) if folder else ""
        self._version = blake2b(version.encode(), digest_size=_KEY).digest()
        self._asked: dict[bytes, bytes | msgspec.Raw] = {}
        self._changed = False

    def of(self, path: str, text: str, search: Callable[[], Code]) -> Code:
        """What the file at `path` mentions, which `search` finds where it is not known."""
        digest = blake2b(path.encode("utf-8", "surrogateescape"), digest_size=_KEY)
        digest.update(b"\0" + text.encode("utf-8", "surrogateescape"))
        key = digest.digest()
        kept = self._asked.get(key) or self._kept.get(key)
        known = _decoded(kept) if kept is not None else None
        if known is None:
            known = search()
            kept = msgspec.msgpack.encode(known)
            self._changed = True
        self._asked[key] = kept or b""
        return known

    def save(self) -> str:
        """Write what was asked for, if anything of it is new; "" or a sentence that says why it could not be kept."""
        if not self._changed or not self._path:
            return ""
        # Another branch may ask again for what this one has not.
        rest = self._kept if len(self._kept) < 2 * len(self._asked) else {}
        data = msgspec.msgpack.encode({**rest, **{key: msgspec.Raw(one) for key, one in self._asked.items()}})
        self._changed = False
        trouble = write_whole(self._path, [self._version, zlib.crc32(data).to_bytes(_SUM, "big"), data])
        return f"what code mentions was not kept: {trouble}" if trouble else ""

    @cached_property
    def _kept(self) -> dict[bytes, msgspec.Raw]:
        if not self._path:
            return {}
        try:
            data = contents(self._path, _MOST_BYTES)
            said = data[_KEY + _SUM :]
            whole = data[:_KEY] == self._version and data[_KEY : _KEY + _SUM] == zlib.crc32(said).to_bytes(_SUM, "big")
            return _CODES.decode(said) if whole else {}
        except (OSError, MemoryError, msgspec.DecodeError):
            return {}


def _decoded(data: bytes | msgspec.Raw) -> Code | None:
    try:
        return _CODE.decode(data)
    except msgspec.DecodeError:
        return None
