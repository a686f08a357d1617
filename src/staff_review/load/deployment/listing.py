"""The files around the code, by their text and their places."""

from __future__ import annotations

import os
from hashlib import blake2b

from ...nouns.findings import Gap
from ...nouns.source import Place, Span
from ..around import Found, files_below
from ..regular import TooLargeError, in_bytes, why
from ..texts import DISK, Texts

__all__ = ["Found", "at", "digest_of", "files_below", "joined", "text_of"]

_MOST_BYTES = 1_000_000


def text_of(file: Found, texts: Texts = DISK) -> str | Gap:
    """The text of a file, undecodable bytes replaced, or why it was not looked at."""
    try:
        data = texts.contents(file.absolute, _MOST_BYTES)
    except TooLargeError as error:
        return Gap(file.path, 0, f"{in_bytes(error.size)} is too much to search for settings and addresses")
    except OSError as error:
        return Gap(file.path, 0, f"cannot be read: {why(error)}")
    return "" if b"\0" in data[:8192] else data.decode("utf-8", "replace").removeprefix("\ufeff")


def digest_of(file: Found, texts: Texts = DISK) -> bytes:
    """What changes with the contents of a file."""
    try:
        return blake2b(texts.contents(file.absolute, _MOST_BYTES), digest_size=16).digest()
    except (OSError, TooLargeError) as error:
        return type(error).__name__.encode()


def at(path: str, line: int) -> Place:
    """The place of a line of a file."""
    number = max(line, 1)
    return Place(path, Span(number, 1, number, 1))


def joined(folder: str, name: str) -> str:
    """A path in a file's own words, seen from its folder; "" for the top."""
    return "" if (path := os.path.normpath(f"{folder or '.'}/{name}").replace(os.sep, "/")) == "." else path
