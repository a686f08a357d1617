"""What is said on a change: notes to post, threads that stand there, and what a host can do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from ..nouns.findings import Suggestion
from .hunks import Shown

Kind: TypeAlias = Literal["finding", "opinion"]


class Note(msgspec.Struct, frozen=True):
    """Something to say on a line; `path` is from the repository's root, `text` is Markdown, `rule` names a rule."""

    kind: Kind
    fingerprint: str
    path: str
    line: int
    text: str
    rule: str = ""
    inline: bool = True  # grave enough for a line of its own
    suggestion: Suggestion | None = None


class Mark(msgspec.Struct, frozen=True):
    """What a comment of ours says of itself, unseen by people; `gone` is the commit that no longer had it."""

    kind: Kind
    fingerprint: str
    rule: str = ""
    gone: str = ""


class Thread(msgspec.Struct, frozen=True):
    """A note of ours as it stands there. `id` is what the host edits it by, `handle` what it is folded by.

    `closed`: a person has resolved or hidden it.
    """

    id: str
    handle: str
    mark: Mark
    path: str
    body: str
    closed: bool = False


class Summary(msgspec.Struct, frozen=True):
    """The one comment on the whole change as it stands there, and which notes were ever posted."""

    id: str
    body: str
    posted: frozenset[str] = frozenset()


class Talk(msgspec.Struct, frozen=True):
    """All that we have said on a change so far."""

    threads: Sequence[Thread] = ()
    summary: Summary | None = None


class Change(msgspec.Struct, frozen=True):
    """A pull or merge request: its newest commit, the lines that its diff shows by path, where its files stand.

    `foreign`: it comes from another repository. `link` is the address of a file of `head` without its path.
    """

    number: int
    head: str
    open: bool
    foreign: bool
    link: str
    shown: Mapping[str, Shown]

    def shows(self, note: Note) -> bool:
        """Whether a comment may stand on the line of a note."""
        here = self.shown.get(note.path)
        return here is not None and here.hunk_with(note.line, note.line) is not None


class Host(Protocol):
    """A code host, looking at one change; every method raises TroubleError."""

    limit: int
    """Characters that one comment may have."""

    def change(self) -> Change:
        """The change as it is now."""

    def talk(self) -> Talk:
        """What we have said there."""

    def body_of(self, note: Note) -> str:
        """A note as the host is given it."""

    def start(self, change: Change, notes: Sequence[Note]) -> None:
        """Post notes on their lines."""

    def rewrite(self, thread: Thread, body: str) -> None:
        """Change what a note says."""

    def fold(self, thread: Thread, *, folded: bool) -> None:
        """Put a note out of sight, or bring it back."""

    def summarise(self, summary: Summary | None, body: str) -> None:
        """Write the one comment on the whole change, or change it."""
