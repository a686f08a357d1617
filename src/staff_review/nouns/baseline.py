"""Findings that were accepted when the tool came to old code."""

from __future__ import annotations

import msgspec


class Accepted(msgspec.Struct, frozen=True, order=True):
    """The accepted findings of one rule in one file; the path is from the repository's root, else the settings'."""

    path: str
    rule: str
    fingerprints: tuple[str, ...]


class Baseline(msgspec.Struct, frozen=True):
    """What was accepted, sorted; `origin` is the file that says so, "" for none."""

    origin: str = ""
    accepted: tuple[Accepted, ...] = ()

    def __len__(self) -> int:
        return sum(len(one.fingerprints) for one in self.accepted)


NOTHING = Baseline()
"""A baseline that accepts nothing."""
