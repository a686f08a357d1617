"""The fingerprint of a line as GitHub's upload of SARIF files computes it, so that it finds ours equal to its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_BLOCK = 100  # characters that the hash covers
_MOD = 37
_WRAP = 2**64
_END = "\uffff"
_BLANKS = {ord(" "): None, ord("\t"): None}


def line_hashes(lines: Sequence[str], wanted: Collection[int]) -> dict[int, str]:
    """`primaryLocationLineHash` for each wanted line, from 1, that is there.

    A hash of the hundred characters from the start of the line, without spaces and tabs, over UTF-16 units, and
    a number that tells equal ones in a file apart (github/codeql-action: fingerprints.ts). The last line is taken to
    have its line end.
    """
    squeezed = [_units(line.translate(_BLANKS)) + "\n" for line in lines]
    text = "".join([*squeezed, _END, "\0" * _BLOCK])
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    start = 0
    for number, line in enumerate(squeezed, start=1):
        block = text[start : start + _BLOCK]
        seen[block] = seen.get(block, 0) + 1
        if number in wanted:
            found[number] = f"{_hash(block):x}:{seen[block]}"
        start += len(line)
    return found


def _units(text: str) -> str:
    """The text with each character beyond the first 65,536 as the two halves that JavaScript sees."""
    if text.isascii():
        return text
    return "".join(character if character <= _END else _halves(character) for character in text)


def _halves(character: str) -> str:
    rest = ord(character) - 0x10000
    return chr(0xD800 + (rest >> 10)) + chr(0xDC00 + (rest & 0x3FF))


def _hash(block: str) -> int:
    value = 0
    for unit in block:
        value = (value * _MOD + ord(unit)) % _WRAP
    return value
