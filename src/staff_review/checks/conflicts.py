"""Retries of what somebody else was faster at, which are no answer to an outage."""

from __future__ import annotations

from ..nouns.project import Project, Retry


def repeats_conflicts(project: Project, retry: Retry) -> bool:
    """Whether all that a retry repeats after is a lost race: the peer is well, and each round somebody gets on."""
    return bool(retry.catches) and all(project.errors.get(name) == "conflict" for name in retry.catches)
