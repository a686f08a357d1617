"""A secret that everybody with the code has."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Keys of well-known forms, credentials given to clients, and random texts under telling names."""
    for secret in project.exposures.secrets:
        argument = f" as `{secret.argument}`" if secret.argument else ""
        yield hit_on(
            "hardcoded-secret",
            secret.place,
            secret.function,
            project,
            subject=secret.call,
            names={"because": f"{secret.kind} is written into the code{argument}"},
            severity=None if secret.certain else "warning",
            confidence=None if secret.certain else "medium",
        )
