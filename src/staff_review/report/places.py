"""Places as other programs write them: URIs, paths in the repository, spans on one line, columns in bytes."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ..nouns.source import Span

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def uri_of(path: str) -> str:
    """A path as a URI reference (RFC 3986): relative stays relative, absolute becomes `file://`."""
    # A name that is no text on this system comes with its bytes as half characters; the URI carries the bytes.
    data = path.encode("utf-8", "surrogateescape" if _is_file_name(path) else "replace")
    encoded = "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in data)
    return f"file://{encoded}" if path.startswith("/") else encoded


def lines_of(sources: Mapping[str, Sequence[str]]) -> Callable[[str], Sequence[str]]:
    """Gives the lines of a path, none for a file that is not there; each file is read once."""

    @cache
    def lines(path: str) -> Sequence[str]:
        return sources.get(path, ())

    return lines


def in_repository(path: str, prefix: str) -> str:
    """The path as seen from the repository's root, when the run's folder is `prefix` in it ("" for the root)."""
    return posixpath.normpath(posixpath.join(prefix, path)) if prefix else path


def extent(line: str, span: Span) -> tuple[int, int]:
    """Characters of the span's first line that it covers, from 0 and exclusive; the whole line for an empty span."""
    content_start, content_end = len(line) - len(line.lstrip()), len(line.rstrip())
    if (span.line, span.column) == (span.end_line, span.end_column):
        return content_start, max(content_end, content_start + 1)
    start = min(span.column - 1, max(content_end - 1, 0))
    end = span.end_column - 1 if span.end_line == span.line else content_end
    return start, max(end, start + 1)


def columns_of(span: Span, lines: Sequence[str]) -> tuple[int, int]:
    """Columns of the span on its first line, from 1 and exclusive; a single one if the line is not known."""
    if 1 <= span.line <= len(lines):
        start, end = extent(lines[span.line - 1], span)
        return start + 1, end + 1
    same_line = span.end_line == span.line and span.end_column > span.column
    return span.column, span.end_column if same_line else span.column + 1


def byte_column(line: str, column: int) -> int:
    """A column in characters, from 1, as a column in bytes of UTF-8."""
    return len(line[: column - 1].encode("utf-8", "replace")) + max(0, column - 1 - len(line)) + 1


def _is_file_name(path: str) -> bool:
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
