"""A peer that is called on behalf of others, with nothing that leaves it alone when it is down."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .grounds.peers import is_under, neglected


def check(project: Project) -> Iterator[Hit]:
    """One hit for each of the most called peers of a service, at its first call, with the calls that it stands for."""
    return neglected("missing-circuit-breaker", project, lambda site: not is_under(project, site, "breaker"))
