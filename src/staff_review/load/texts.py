"""Where the files that stand beside the code are read from: the disk, or something that stands for it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol

from .regular import contents


class Texts(Protocol):
    """Folders and files by their real path."""

    def names(self, folder: str) -> set[str]:
        """What a folder holds; nothing where it cannot be read."""

    def below(self, folder: str, listed: Iterable[str]) -> Iterable[str]:
        """The files below a folder, from there; `listed` are those that the disk has."""

    def contents(self, path: str, limit: int) -> bytes:
        """The bytes of a file; raises OSError, above `limit` bytes too."""


class _Disk:
    """The disk as it is."""

    def names(self, folder: str) -> set[str]:
        try:
            return set(os.listdir(folder))
        except OSError:
            return set()  # the listing of files has already said so

    def below(self, folder: str, listed: Iterable[str]) -> Iterable[str]:  # noqa: ARG002 - others need the folder
        return listed

    def contents(self, path: str, limit: int) -> bytes:
        return contents(path, limit)


DISK: Texts = _Disk()


class Once:
    """Files as they are while one review runs: what lies below a folder is looked for once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._below: dict[str, tuple[str, ...]] = {}

    def names(self, folder: str) -> set[str]:
        """As of the files it stands for."""
        return self._texts.names(folder)

    def below(self, folder: str, listed: Iterable[str]) -> Iterable[str]:
        """The files below a folder, as they were when first asked for; `listed` may be an iterator not yet begun."""
        known = self._below.get(folder)
        if known is None:
            known = self._below[folder] = tuple(self._texts.below(folder, listed))
        return known

    def contents(self, path: str, limit: int) -> bytes:
        """As of the files it stands for."""
        return self._texts.contents(path, limit)
