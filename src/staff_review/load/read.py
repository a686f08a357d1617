"""Entry to Source: the bytes of one file as UTF-8, or the reason why it was not looked at."""

from __future__ import annotations

import codecs
import os
import re
from hashlib import blake2b

from ..nouns.findings import Gap
from ..nouns.settings import Settings
from ..nouns.source import Original, Source
from .files import Entry
from .regular import TooLargeError, contents, in_bytes, why

_HEAD = 2048
_SNIFF = 8192
_DIGEST_BYTES = 16

# Comments and the docstring that open a file: a marker further down is the business of the code, not about it.
_OPENING = re.compile(
    rb"""(?:[ \t\r\n\f;]+|\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)
    |[rRuU]?\"\"\".*?(?:\"\"\"|\Z)|[rRuU]?'''.*?(?:'''|\Z))*""",
    re.DOTALL | re.VERBOSE,
)
_GENERATED_NAMES = ("_pb2.py", "_pb2_grpc.py")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_UTF8 = frozenset({"utf-8", "ascii"})
_USUAL = ("utf-8", "latin-1", "iso-8859-1", "iso-latin-1")
# Codecs that transform text rather than encode it: quadratic in time, or never what a source file means.
_NOT_FOR_SOURCES = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})


def read(entry: Entry, settings: Settings) -> Source | Gap:
    """One file as UTF-8 without a byte-order mark, or why it was not looked at."""
    if entry.path.endswith(_GENERATED_NAMES):
        return Gap(entry.path, 0, "generated")
    try:
        data = entry.buffer if entry.buffer is not None else contents(entry.absolute, settings.max_file_bytes)
    except TooLargeError as error:
        reason = (
            f"{in_bytes(error.size)} is over the limit of {in_bytes(settings.max_file_bytes)}: raise `max-file-bytes`"
        )
        return Gap(entry.path, 0, reason)
    except OSError as error:
        return Gap(entry.path, 0, f"cannot be read: {why(error)}")
    return source_of(entry.path, entry.language, data)


def original_of(entry: Entry, settings: Settings) -> Original | Gap:
    """One file exactly as it stands on disk, for those who change it, or why it cannot be had."""
    try:
        data = contents(entry.absolute, settings.max_file_bytes)
        status = os.stat(entry.absolute)
    except OSError as error:
        return Gap(entry.path, 0, f"cannot be read: {why(error)}")
    if (status.st_size, status.st_mtime_ns) != (entry.size, entry.mtime_ns):
        return Gap(entry.path, 0, "changed since it was read")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = "utf-8" if mark else _declared(data)
    try:
        original = Original(entry.path, entry.absolute, data, data[len(mark) :].decode(encoding), encoding, mark)
        kept = original.with_text(original.text) == data
    except (LookupError, ValueError):
        kept = False
    return original if kept else Gap(entry.path, 0, f"its encoding, `{encoding}`, cannot be written back unchanged")


def source_of(path: str, language: str, data: bytes) -> Source | Gap:
    """Bytes from anywhere, an editor's buffer too, as a Source; a Gap where they are no text that we read."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Gap(path, 0, "not UTF-8: it starts as UTF-16 does")
    if b"\0" in data[:_SNIFF]:
        return Gap(path, 0, "binary")
    marked = data.startswith(codecs.BOM_UTF8)
    text = _as_utf8(data.removeprefix(codecs.BOM_UTF8), marked=marked)
    if isinstance(text, str):
        return Gap(path, 0, text)
    if _is_generated(text):
        return Gap(path, 0, "generated")
    return Source(path, language, text, digest_of(text))


def digest_of(data: bytes) -> str:
    """The name of these contents in the cache."""
    return blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def _as_utf8(data: bytes, *, marked: bool) -> bytes | str:
    """The text as UTF-8 bytes, or in words why it cannot be; `marked` by a byte-order mark, it can be nothing else."""
    declared = "utf-8" if marked else _declared(data)
    if declared not in _UTF8:
        return _recoded(data, declared)
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        return f"not UTF-8: line {line}"
    return data


def _declared(data: bytes) -> str:
    """The encoding of a PEP 263 comment in the first two lines, "utf-8" without one."""
    first = _LINE_END.split(data[:_HEAD], maxsplit=2)[:2]
    for number, line in enumerate(first):
        if number == 1 and not _BLANK.match(first[0]):
            break
        found = _CODING.match(line)
        if found:
            return _normal(found[1].decode("ascii", "replace"))
    return "utf-8"


def _normal(name: str) -> str:
    """Python's own name of an encoding, the given one if unknown; an editor's ``-unix`` behind it means nothing."""
    plain = name.lower().replace("_", "-")
    for usual in _USUAL:
        if plain.startswith(usual + "-"):
            plain = usual
    try:
        return codecs.lookup(plain).name.replace("_", "-")
    except (LookupError, ValueError):
        return plain


def _recoded(data: bytes, encoding: str) -> bytes | str:
    if encoding in _NOT_FOR_SOURCES:
        return f"its coding line names `{encoding}`, which is not read here"
    try:
        text = data.decode(encoding)
        recoded = text.encode("utf-8")
    except LookupError:
        return f"its coding line names `{encoding}`, which is not known here"
    except ValueError:
        text = ""
    # An encoding in which the coding line itself is not readable cannot be the true one.
    return recoded if "coding" in text[:_HEAD] else f"not `{encoding}`, though its coding line says so"


def _is_generated(data: bytes) -> bool:
    opening = _OPENING.match(data[:_HEAD])
    words = opening[0].lower() if opening else b""
    return b"@generated" in words or (b"do not edit" in words and b"generated" in words)
