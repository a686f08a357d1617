"""The one way in which this worker opens a file: regular files only, and never more of one than asked for."""

from __future__ import annotations

import errno
import os
import stat

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class TooLargeError(OSError):
    """A file holds more than the bytes that were allowed; `size` is what it held when it was opened."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(errno.EFBIG, f"larger than {in_bytes(limit)}")
        self.size = size


def contents(path: str, limit: int) -> bytes:
    """The bytes of a regular file; raises `TooLargeError` above `limit` bytes and OSError for all else that fails."""
    try:
        # Without blocking, because opening a named pipe would otherwise wait for its writer for ever.
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a NUL in the name
        raise OSError(errno.EINVAL, "not a file name") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if status.st_size > limit:
            raise TooLargeError(status.st_size, limit)
        return _read(descriptor, status.st_size, limit)
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, limit: int) -> bytes:
    """All bytes to the end, even when the file grows meanwhile or hides its size."""
    data = b""
    while piece := os.read(descriptor, size + 1 if not data else 65536):
        data += piece
        if len(data) > limit:
            raise TooLargeError(len(data), limit)
    return data


def in_bytes(count: int) -> str:
    """A size for people: "512 bytes", "40 kB", "1.4 MB"."""
    for unit, size in (("MB", 1_000_000), ("kB", 1000)):
        if count >= size:
            return f"{count / size:.4g} {unit}"
    return f"{count} bytes"


def why(error: OSError) -> str:
    """What the system said, in its own words without numbers and paths."""
    return (error.strerror or str(error) or type(error).__name__).rstrip(".").lower()
