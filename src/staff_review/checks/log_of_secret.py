"""A secret that goes where everybody reads."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Logging calls that are given a value with the name of a secret."""
    for one in project.signals.utterances:
        yield hit_on("log-of-secret", one.place, one.function, project, subject=one.call, names={"value": one.value})
