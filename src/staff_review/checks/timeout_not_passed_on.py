"""A function that is given a time limit and lets its remote call wait for ever all the same."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Unbounded calls in functions with a parameter for a limit that nothing reads."""
    for site in project.sites:
        if site.context.in_handler:
            continue  # what cleans up after a failure is not the work that the limit is for
        if site.unheard and site.limit is not None and site.limit.state == "unbounded":
            yield hit_at("timeout-not-passed-on", site, project, names={"parameter": site.unheard})
