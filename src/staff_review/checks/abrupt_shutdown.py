"""A consumer that is only ever killed."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Endless loops over messages that nothing closes, in a file run as a program where no signal is handled."""
    if any(Act.ON_SIGNAL in site.acts for site in project.sites):
        return
    for loop in project.signals.consumer_loops:
        entry = project.reached_by.get(loop.function)
        if not loop.closes and entry is not None and entry.kind in ("program", "command"):
            yield hit_on("abrupt-shutdown", loop.place, loop.function, project, subject=loop.call, names={})
