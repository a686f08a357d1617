"""Retries that are waits: somebody may mean them to go on, or sees that they do."""

from __future__ import annotations

from ...nouns.project import Project, Retry
from .starting import starts_up


def may_mean_to_wait(project: Project, retry: Retry) -> bool:
    """Whether somebody may mean a retry to go on: it joins a peer, starts something, is a command or a rare task."""
    told = retry.queued and retry.delay in ("exponential", "jitter")
    waits = retry.joins or retry.probes or retry.stoppable or retry.rests or retry.begins_loop
    return waits or told or is_watched(project, retry) or starts_up(project, retry.function)


def waits_for_peer(retry: Retry) -> bool:
    """Whether a retry is a wait: it asks until somebody is there, or at a steady beat until a time is over."""
    steady = not retry.by_hand and retry.delay == "fixed" and retry.attempts is None and retry.bounded == "yes"
    return retry.probes or steady


def is_watched(project: Project, retry: Retry) -> bool:
    """Whether a person looks on while it tries: in a command, a script, a loop at the top of a file.

    A command that takes work for ever is a service.
    """
    if retry.works:
        return False
    topmost = retry.by_hand and retry.function.index == 0
    return topmost or retry.function in project.watched
