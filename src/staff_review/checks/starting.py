"""What does not serve: a service that starts, whoever asks until somebody is there, what stands in for the real."""

from __future__ import annotations

import re

from ..nouns.functions import FunctionRef
from ..nouns.project import Project, Retry

_STARTING = re.compile(r"(?:^|_)(?:lifespan|on_startup|startup)$")
_STANDING_IN = re.compile(r"fake|mock|dummy|stub|virtual|simulat", re.IGNORECASE)

_BY_HAND = frozenset({"scripts", "script", "cli"})
"""Folders and files of what somebody starts by hand."""


def starts_up(project: Project, function: FunctionRef) -> bool:
    """Whether a function belongs to the start or the end of a service, by how the world calls it or by its name."""
    if any(_STARTING.search(name) for name in function.qualified.split(".")):
        return True
    entry = project.reached_by.get(function)
    return entry is not None and entry.kind == "start-up"


def may_mean_to_wait(project: Project, retry: Retry) -> bool:
    """Whether somebody may mean a retry to go on: it joins a peer, starts something, is a command or a rare task."""
    told = retry.queued and retry.delay in ("exponential", "jitter")
    alone = is_looked_at(project, retry)
    waits = retry.joins or retry.probes or retry.stoppable or retry.patient
    return waits or told or alone or starts_up(project, retry.function)


def is_looked_at(project: Project, retry: Retry) -> bool:
    """Whether one person runs it and looks on: a command, a script, a loop at the top of a file."""
    entry = project.reached_by.get(retry.function)
    command = entry is not None and entry.kind == "command"
    topmost = retry.by_hand and retry.function.index == 0
    return command or topmost or not _BY_HAND.isdisjoint(re.split(r"[/.]", retry.function.path))


def waits_for_peer(retry: Retry) -> bool:
    """Whether a retry is a wait: it asks until somebody is there, or at a steady beat until a time is over."""
    steady = not retry.by_hand and retry.delay == "fixed" and retry.attempts is None and retry.bounded == "yes"
    return retry.probes or steady


def stands_in(named: FunctionRef | str) -> bool:
    """Whether something is called like what stands in for the real thing, in tests and demonstrations."""
    return _STANDING_IN.search(named if isinstance(named, str) else named.qualified) is not None
