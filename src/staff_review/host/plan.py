"""What to say next on a change: what is new, what has gone, what came back; never twice, never against a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from .marks import marked
from .talk import Change, Mark, Note, Talk, Thread

MOST_FINDINGS = 10
MOST_OPINIONS = 3
MOST_EDITS = 30
"""So many comments are changed in one run; the next run goes on."""

_SHORT = 7  # characters of a commit's id


class Edit(msgspec.Struct, frozen=True):
    """A note that is to say something else, and whether it is to be out of sight."""

    thread: Thread
    body: str
    folded: bool


class Statement(msgspec.Struct, frozen=True):
    """What a run has to say: its notes in the order of their weight, and what it cannot speak of.

    `unsure` are paths of which it did not see everything, and `partial` says that it saw nothing as a whole: from
    either, silence is no sign that a finding has gone. `accepted` gives the reason for findings that somebody
    silenced, by fingerprint. `gone` words what becomes of a note: its first line and what happened.
    """

    notes: Sequence[Note]
    gone: Callable[[str, str], str]
    unsure: frozenset[str] = frozenset()
    partial: bool = False
    accepted: Mapping[str, str] = {}


class Plan(msgspec.Struct, frozen=True):
    """What to do, and what was decided of each note, by fingerprint."""

    new: tuple[Note, ...] = ()
    edits: tuple[Edit, ...] = ()
    standing: frozenset[str] = frozenset()  # they have a comment on their line already
    closed: frozenset[str] = frozenset()  # a person closed or deleted their comment
    outside: frozenset[str] = frozenset()  # the change does not show their line

    @property
    def placed(self) -> frozenset[str]:
        """The notes that will have a comment on their line."""
        return self.standing | {note.fingerprint for note in self.new}


def plan_of(statement: Statement, talk: Talk, change: Change, body_of: Callable[[Note], str]) -> Plan:
    """What a run makes of what was said before; `body_of` words a note as its host is given it."""
    threads: dict[str, Thread] = {}
    for thread in talk.threads:
        threads.setdefault(thread.mark.fingerprint, thread)
    deleted = (talk.summary.posted if talk.summary else frozenset()) - threads.keys()
    closed = deleted | {key for key, thread in threads.items() if thread.closed}
    current = {note.fingerprint: note for note in statement.notes}
    edits = [
        *_rewritten(current, threads, body_of),
        *(edit for thread in threads.values() if (edit := _gone(thread, current, statement, change)) is not None),
    ]
    standing = {key for key, thread in threads.items() if key in current and not thread.closed}
    unsaid = [note for key, note in current.items() if key not in threads and key not in closed]
    return Plan(
        new=_within(unsaid, standing, current, change),
        edits=tuple(edits[:MOST_EDITS]),
        standing=frozenset(standing),
        closed=frozenset(closed & current.keys()),
        outside=frozenset(note.fingerprint for note in statement.notes if not change.shows(note)),
    )


def _within(
    unsaid: Sequence[Note], standing: set[str], current: Mapping[str, Note], change: Change
) -> tuple[Note, ...]:
    """The weightiest of what is not said yet; what stands there already takes its part of the room."""
    kinds = [current[key].kind for key in standing]
    room = {"finding": MOST_FINDINGS - kinds.count("finding"), "opinion": MOST_OPINIONS - kinds.count("opinion")}
    chosen = []
    for note in unsaid:
        if note.inline and change.shows(note) and room[note.kind] > 0:
            room[note.kind] -= 1
            chosen.append(fitted(note, change))
    return tuple(chosen)


def fitted(note: Note, change: Change) -> Note:
    """A note without a suggestion that the change cannot take: one hunk must show all of its lines."""
    wish, here = note.suggestion, change.shown.get(note.path)
    if wish is None or (here is not None and here.hunk_with(wish.first, wish.last) is not None):
        return note
    return msgspec.structs.replace(note, suggestion=None)


def _rewritten(
    current: Mapping[str, Note], threads: Mapping[str, Thread], body_of: Callable[[Note], str]
) -> list[Edit]:
    """Notes that came back, or say something else now; without a suggestion, which was for the lines of that day."""
    return [
        Edit(thread, body_of(msgspec.structs.replace(current[key], suggestion=None)), folded=False)
        for key, thread in threads.items()
        if key in current and not thread.closed and not _says(thread, current[key])
    ]


def _says(thread: Thread, note: Note) -> bool:
    return not thread.mark.gone and thread.body.replace("\r\n", "\n").startswith(note.text)


def _gone(thread: Thread, current: Mapping[str, Note], statement: Statement, change: Change) -> Edit | None:
    """What a note says when its finding is no more; None for others: a model may be silent today and speak tomorrow."""
    mark = thread.mark
    if mark.kind != "finding" or mark.fingerprint in current or mark.gone or thread.closed:
        return None
    reason = statement.accepted.get(mark.fingerprint)
    if reason is None and (statement.partial or thread.path in statement.unsure):
        return None
    first = thread.body.strip().split("\n", 1)[0]
    happened = f"no longer reported at {change.head[:_SHORT]}" if reason is None else f"accepted: {reason}"
    gone = Mark(mark.kind, mark.fingerprint, mark.rule, change.head[:40])
    return Edit(thread, marked(statement.gone(first, happened), gone), folded=True)
