"""The lines of HTML by which our comments are known again; a host shows them to nobody.

A mark counts only in a comment of our own: anybody can write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..nouns.findings import Suggestion
from .talk import Mark, Note

_SUMMARY = "<!-- staff-review:summary v1 -->"
_NOTE = re.compile(
    r"<!-- staff-review:(?P<kind>finding|opinion) v1 fp=(?P<fp>[0-9a-f]{16})"
    r"(?: rule=(?P<rule>[a-z0-9-]{1,100}))?(?: gone=(?P<gone>[0-9a-f]{7,64}))? -->"
)
_POSTED = re.compile(r"<!-- staff-review:posted v1((?: [0-9a-f]{16})*) -->")
_MOST_POSTED = 500  # of the notes that were ever posted, so many are remembered
_TICKS = re.compile(r"`{3,}")


def mark_of(body: str) -> Mark | None:
    """The mark in the last line of a note; None in a comment that is no note of ours."""
    found = _NOTE.fullmatch(_lines(body)[-1])
    if found is None:
        return None
    kind: str = found["kind"]
    return Mark("finding" if kind == "finding" else "opinion", found["fp"], found["rule"] or "", found["gone"] or "")


def marked(text: str, mark: Mark) -> str:
    """A text with its mark."""
    rule = f" rule={mark.rule}" if mark.rule else ""
    gone = f" gone={mark.gone}" if mark.gone else ""
    return f"{text}\n\n<!-- staff-review:{mark.kind} v1 fp={mark.fingerprint}{rule}{gone} -->"


def mark_for(note: Note) -> Mark:
    """The mark of a note."""
    return Mark(note.kind, note.fingerprint, note.rule)


def is_summary(body: str) -> bool:
    """Whether a comment is the one on the whole change."""
    return _lines(body)[0] == _SUMMARY


def posted_by(body: str) -> frozenset[str]:
    """The notes that were ever posted, as the summary remembers them."""
    found = _POSTED.fullmatch(_lines(body)[-1])
    return frozenset(found[1].split()) if found else frozenset()


def summary_with(text: str, posted: Iterable[str]) -> str:
    """The comment on the whole change, with what it has to remember."""
    known = "".join(f" {one}" for one in sorted(posted)[:_MOST_POSTED])
    return f"{_SUMMARY}\n{text.strip()}\n\n<!-- staff-review:posted v1{known} -->"


def suggested(text: str, suggestion: Suggestion, language: str) -> str:
    """A text with a block that the host offers to apply; `language` is how it is told that the block is one."""
    lines = "\n".join(suggestion.lines)
    ticks = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(lines)), 3)
    block = f"{lines}\n" if suggestion.lines else ""
    return f"{text}\n\n{ticks}{language}\n{block}{ticks}"


def _lines(body: str) -> list[str]:
    return body.replace("\r\n", "\n").strip().split("\n")
