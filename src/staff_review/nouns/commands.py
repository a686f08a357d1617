"""Commands that a program starts and that wait for a peer of their own: what the catalog says of ``git``, ``ssh``."""

from __future__ import annotations

from .bounds import Entry


class PeerProgram(Entry, frozen=True, kw_only=True):
    """A program that sets itself no limit when it talks to a peer.

    `verbs` are the first words after it with which it does so; without any, it always does. `valued` are options in
    front of the verb that take the next word; `bounded_by` are parts of words that say a limit.
    """

    name: str
    verbs: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    bounded_by: tuple[str, ...] = ()
    source: str | None = None
