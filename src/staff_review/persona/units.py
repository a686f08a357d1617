"""One unit of what a persona reads: code of one file, what it needs from others, what the engine knows of it."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from ..nouns.findings import Finding
from ..nouns.source import Place

LETTERS_PER_TOKEN = 3
"""Fewer than code has in fact, so that an estimate is not too low (the newer tokenizers cut finer than the older)."""


class Line(msgspec.Struct, frozen=True):
    """One line as it is sent; `text` may hide a secret or be cut, `added` is what a change brought."""

    path: str
    number: int
    text: str
    added: bool = False


class Scope(msgspec.Struct, frozen=True):
    """A function of the file: its qualified name and its first and last line."""

    qualified: str
    first: int
    last: int


class Unit(msgspec.Struct, frozen=True):
    """What one request is about. `findings` are labelled F1, F2 … in order; `facts` are sentences of the engine."""

    path: str
    scopes: tuple[Scope, ...]
    lines: tuple[Line, ...]
    facts: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    claims: tuple[str, ...] = ()  # the findings in words, as they are sent
    hidden: int = 0
    steering: tuple[Place, ...] = ()
    home: str = ""  # the folder that paths in fingerprints are from, "" for where we stand

    @property
    def text(self) -> str:
        """The code as it is sent, file by file, each between fences that its own content cannot forge."""
        paths = dict.fromkeys(line.path for line in self.lines)
        return "\n\n".join(_fenced(path, [line for line in self.lines if line.path == path]) for path in paths)

    def scope_at(self, path: str, line: int) -> str:
        """The function around a line of the unit's own file, "" outside of all."""
        if path != self.path:
            return ""
        return next((scope.qualified for scope in self.scopes if scope.first <= line <= scope.last), "")


def tokens(text: str) -> int:
    """About how many tokens a text is, rather too many than too few."""
    return len(text) // LETTERS_PER_TOKEN + 1


def label(number: int) -> str:
    """What the finding with this index is called in a request: F1 for the first."""
    return f"F{number + 1}"


def _fenced(path: str, lines: list[Line]) -> str:
    rows: list[str] = []
    before = 0
    for line in lines:
        if line.number != before + 1:
            rows.append("  ...")
        rows.append(f"{line.number:>6}{'+' if line.added else ' '}| {line.text}")
        before = line.number
    body = "\n".join(rows)
    # A file cannot hold the sum of its own content, so it cannot write the line that ends it.
    mark = blake2b(f"{path}\n{body}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"=== file {mark} {path}\n{body}\n=== end {mark}"
