"""Edits made in the text of one file: nothing but their places changes, and what cannot be made is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import libcst as cst
import msgspec

from ..nouns.findings import Edit
from .plan import Plan
from .refusal import RefusedError
from .tree import Tree

__all__ = ["Opened", "Patch", "patched"]


_NESTED = "the file is nested too deeply to be changed safely"
_TOO_DEEP = 300
"""Brackets in brackets, or operators in a row, up to which libcst is given a file: 2,000 of the first end the whole
process, and 20,000 of the second it does not come back from."""
_PER_LINK = 3
"""Marks that a link of a chain has: an operator and two quotes."""
_NESTING = re.compile(r"[()\[\]{}]|[,;:\n]|[-+*/%&|^@.]|\b(?:and|or)\b|[\"']")


class Patch(msgspec.Struct, frozen=True):
    """What became of some edits: the text with those that could be made, and by number why the others were not.

    `later` are the numbers of edits that conflict with one made here: after it they may be possible again.
    """

    text: str
    refused: Mapping[int, str]
    later: frozenset[int] = frozenset()


class Opened:
    """The text of one file, parsed once for any number of patches, each made in the text as it was."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tree: Tree | None = None
        self._closed = ""  # why nothing can be changed in it
        if _depth(text) > _TOO_DEEP:
            self._closed = _NESTED
            return
        try:
            module = cst.parse_module(text)
            if module.code != text:
                self._closed = "the file cannot be written back unchanged"
            else:
                self._tree = Tree(module)
        except cst.ParserSyntaxError:
            self._closed = "the file cannot be parsed as a whole"
        except (RecursionError, cst.CSTValidationError):
            self._closed = _NESTED

    def patched(self, edits: Sequence[Edit], limit: float) -> Patch:
        """The text with the edits made, of conflicting ones the first; `limit` is the user's time limit in seconds."""
        if self._tree is None:
            return _none(self._text, edits, self._closed)
        try:
            plan = Plan(self._tree, limit)
            refused, later = _planned(plan, edits)
            done = plan.carried_out().code
        except (RecursionError, cst.CSTValidationError):
            return _none(self._text, edits, _NESTED)
        try:
            cst.parse_module(done)
        except cst.ParserSyntaxError:
            return _none(self._text, edits, "the result would not parse")
        return Patch(done, refused, later)


def patched(text: str, edits: Sequence[Edit], limit: float) -> Patch:
    """The text with the edits made, of conflicting ones the first; `limit` is the user's time limit in seconds."""
    return Opened(text).patched(edits, limit)


def _depth(text: str) -> int:
    """How deeply brackets nest, or operators and texts follow each other, at most; what is quoted counts too."""
    deepest = depth = chain = 0
    for part in _NESTING.findall(text):
        if part in "([{":
            depth += 1
        elif part in ")]}":
            depth = max(0, depth - 1)
        elif part in ",;:" or (part == "\n" and not depth):
            chain = 0
        elif part != "\n":
            chain += 1
        deepest = max(deepest, depth, chain // _PER_LINK)
    return deepest


def _planned(plan: Plan, edits: Sequence[Edit]) -> tuple[dict[int, str], frozenset[int]]:
    """Plan edits in order: which are refused and why, and which wait for the next run."""
    refused: dict[int, str] = {}
    later: set[int] = set()
    for number, edit in enumerate(edits):
        try:
            if plan.conflicts(edit):
                later.add(number)
            else:
                plan.add(edit)
        except RefusedError as reason:
            refused[number] = str(reason)
    return refused, frozenset(later)


def _none(text: str, edits: Sequence[Edit], reason: str) -> Patch:
    return Patch(text, dict.fromkeys(range(len(edits)), reason))
