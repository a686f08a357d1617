"""What code names, its strings and comments left out, and in which file of the project an import looks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..nouns.facts import FileFacts, Import
from .files import LONGEST_LINE, Files

_UNSPOKEN = re.compile(
    r"(?P<mark>(?:\b[A-Za-z]{1,2})?)(?P<quote>\"\"\"|''')(?P<long>(?:\\.|[^\\])*?)(?P=quote)"
    r"|(?P<prefix>(?:\b[A-Za-z]{1,2})?)(?:\"(?P<double>(?:\\.|[^\"\\\n])*)\"|'(?P<single>(?:\\.|[^'\\\n])*)')|#[^\n]*",
    re.DOTALL,
)
"""Texts and comments; a text of one line ends on it, so that an odd apostrophe hides no more than its line."""
_HOLE = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(r"\[\s*[\"'](\w+)[\"']\s*\]")
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


class Names(NamedTuple):
    """The identifiers of some lines, those among them that are called, and the texts that stand as a subscript."""

    all: frozenset[str]
    called: frozenset[str]
    keys: frozenset[str]


def names_on(files: Files, path: str, numbers: Iterable[int]) -> Names:
    """What some lines of a file name. A function that is only mentioned in a text is not named."""
    lines = files.lines(path)
    text = "\n".join(lines[number - 1][:LONGEST_LINE] for number in sorted(numbers) if 0 < number <= len(lines))
    spoken = _UNSPOKEN.sub(_holes, text)
    return Names(*map(frozenset, (_IDENTIFIER.findall(spoken), _CALLED.findall(spoken), _KEY.findall(text))))


def imported_from(files: Files, path: str, one: Import) -> tuple[str, FileFacts] | None:
    """The file of the project that an import takes a name from: beside it, or below a folder further up."""
    folders = path.split("/")[:-1]
    module = [part for part in one.module.split(".") if part]
    above = range(len(folders), -1, -1) if not one.level else [len(folders) - one.level + 1]
    for depth in above:
        stem = "/".join([*folders[: max(0, depth)], *module])
        for candidate in (f"{stem}.py", f"{stem}/__init__.py"):
            facts = files.facts(candidate) if candidate != path else None
            if facts is not None:
                return candidate, facts
    return None


def _holes(found: re.Match[str]) -> str:
    """Of a text nothing, of an interpolated one what stands in its holes."""
    text = found["long"] or found["double"] or found["single"] or ""
    marked = f"{found['mark'] or ''}{found['prefix'] or ''}"
    return " ".join(["", *(_HOLE.findall(text) if "f" in marked.lower() else ()), ""])
