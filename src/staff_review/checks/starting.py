"""What does not serve: a service that starts, whoever asks until somebody is there, what stands in for the real."""

from __future__ import annotations

import re

from ..nouns.functions import FunctionRef
from ..nouns.project import Project, Retry

_STARTING = re.compile(r"(?:^|_)(?:lifespan|on_startup|startup)$")
_STANDING_IN = re.compile(r"fake|mock|dummy|stub|virtual|simulat", re.IGNORECASE)


def starts_up(project: Project, function: FunctionRef) -> bool:
    """Whether a function belongs to the start or the end of a service, by how the world calls it or by its name."""
    if any(_STARTING.search(name) for name in function.qualified.split(".")):
        return True
    entry = project.reached_by.get(function)
    return entry is not None and entry.kind == "start-up"


def waits_for_peer(retry: Retry) -> bool:
    """Whether a retry is a wait: it asks until somebody is there, or at a steady beat until a time is over."""
    steady = not retry.by_hand and retry.delay == "fixed" and retry.attempts is None and retry.bounded == "yes"
    return retry.probes or steady


def stands_in(named: FunctionRef | str) -> bool:
    """Whether something is called like what stands in for the real thing, in tests and demonstrations."""
    return _STANDING_IN.search(named if isinstance(named, str) else named.qualified) is not None
