"""A changed file written so that others see the old or the new one and nothing between."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress

from ..nouns.source import Original

CHANGED = "changed since it was read"


def replace(original: Original, data: bytes) -> str:
    """Put `data` in the place of a file that still is as it was read, with its mode; "" or why it was left alone."""
    path = original.absolute
    temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{secrets.token_hex(4)}.new")
    try:
        status = os.stat(path)
        if not os.access(path, os.W_OK):
            return "it is not writable"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _as_before(temporary, status)
        with open(path, "rb") as file:
            if file.read() != original.data:
                os.unlink(temporary)
                return CHANGED
        os.replace(temporary, path)
    except OSError as error:
        _drop(temporary)
        return (error.strerror or type(error).__name__).lower()
    return ""


def _as_before(path: str, status: os.stat_result) -> None:
    """Give a new file the mode of the old one, and its owner where we may."""
    if hasattr(os, "chown"):
        with suppress(OSError):  # only the owner of a file may give it away; the mode is what matters
            os.chown(path, status.st_uid, status.st_gid)
    os.chmod(path, stat.S_IMODE(status.st_mode))


def _drop(path: str) -> None:
    with suppress(OSError):  # it was never made
        os.unlink(path)
