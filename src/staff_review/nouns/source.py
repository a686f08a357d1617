"""Bytes and places: what a file holds, and how to point into it."""

from __future__ import annotations

import os

import msgspec


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """A stretch of one file; lines from 1, columns from 1 in characters, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(msgspec.Struct, frozen=True, order=True):
    """A span in a named file: where a policy was set, a trail passes, a finding stands."""

    path: str
    span: Span

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.span.line

    def __str__(self) -> str:
        return f"{self.path}:{self.span.line}"


class Source(msgspec.Struct, frozen=True):
    """One file as it was read: a path with forward slashes, its language, its bytes, their digest."""

    path: str
    language: str
    data: bytes
    digest: str

    def lines(self) -> list[str]:
        """The text, line by line, for a code frame; undecodable bytes are replaced."""
        return self.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").splitlines()


class Original(msgspec.Struct, frozen=True):
    """One file exactly as it stands on disk: where it really is, its bytes, and how they encode its text."""

    path: str
    absolute: str
    data: bytes
    text: str
    encoding: str
    mark: bytes = b""  # the byte-order mark, which is no part of the text

    def with_text(self, text: str) -> bytes:
        """Another text as this file would hold it; raises UnicodeEncodeError where its encoding cannot."""
        return self.mark + text.encode(self.encoding)


def from_home(path: str, home: str) -> str:
    """A path as it is from the folder `home`, with slashes; "" leaves it alone."""
    return os.path.relpath(path, home).replace(os.sep, "/") if home else path
