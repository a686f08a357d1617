"""A developer's switch that the code itself turns on."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.exposures import Switch
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.settings import Severity
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Debug servers, reloaders and `DEBUG = True`; a file run by hand counts only where it listens to everybody.

    Who starts a file by hand, or only has files watched, may well be a developer.
    """
    for switch in project.exposures.switches:
        severity = _severity(switch)
        if severity is not None:
            yield hit_on(
                "debug-in-production",
                switch.place,
                switch.function,
                project,
                subject=switch.call,
                names={"because": switch.what, "where": ", and it listens on every interface" * switch.open_to_all},
                severity=severity,
                confidence="low" if switch.as_program or switch.reload else None,
            )


def _severity(switch: Switch) -> Severity | None:
    if not switch.as_program:
        return "warning" if switch.reload else "error"
    if switch.open_to_all:
        return "note" if switch.reload else "warning"
    return None  # a developer's own way to start it
