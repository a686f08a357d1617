"""Retries of what somebody else was faster at, which are no answer to an outage."""

from __future__ import annotations

from ...nouns.project import Project, Retry


def repeats_conflicts(project: Project, retry: Retry) -> bool:
    """Whether a retry repeats after a lost race: the peer is well, and each round somebody gets on."""
    return any(project.errors.get(name) == "conflict" for name in retry.catches)
