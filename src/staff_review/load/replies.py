"""Replies of models, kept in the user's own folder under the key of exactly what was asked."""

from __future__ import annotations

import os
import re
import time

from .keep import drop, folder_for, write_whole
from .regular import contents

_FOLDER = "replies"
_DAYS = 30
_MOST_BYTES = 50_000_000
_LARGEST = 1_000_000
_NAME = re.compile(r"[0-9a-f]{32,64}")


class Replies:
    """A folder of replies. Never a repository's own cache folder: what stands there, anybody could have written."""

    def __init__(self, folder: str | None = None) -> None:
        parent = folder_for() if folder is None else folder
        self._folder = os.path.join(parent, _FOLDER) if parent else ""
        self._pruned = False

    def get(self, key: str) -> bytes | None:
        """The reply under this key, None when there is none, or it is older than 30 days."""
        path = self._path(key)
        try:
            if not path or os.stat(path).st_mtime < time.time() - _DAYS * 86_400:
                return None
            return contents(path, _LARGEST)
        except OSError:
            return None

    def keep(self, key: str, reply: bytes) -> str:
        """Keep a reply; "" or why it could not be kept."""
        path = self._path(key)
        if not path:
            return "replies are not kept: this user has no folder for them"
        if not self._pruned:
            self._pruned = True
            self._prune()
        return write_whole(path, [reply])

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key) if self._folder and _NAME.fullmatch(key) else ""

    def _prune(self) -> None:
        """Remove what is too old, and the oldest beyond the size that the folder may have."""
        try:
            with os.scandir(self._folder) as entries:
                status = [(entry.stat(), entry.path) for entry in entries if _NAME.fullmatch(entry.name)]
        except OSError:
            return  # nothing is kept yet
        room = _MOST_BYTES
        oldest_allowed = time.time() - _DAYS * 86_400
        for entry, path in sorted(status, key=lambda one: -one[0].st_mtime):
            room -= entry.st_size
            if room < 0 or entry.st_mtime < oldest_allowed:
                drop(path)
