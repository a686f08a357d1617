"""An event loop made for one request."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.functions import FunctionRef
from ..nouns.project import Project
from .hits import hit_at

_NEAR = 3
"""Steps from the entry point; far below it, code that knows of no loop serves callers of every kind."""


def check(project: Project) -> Iterator[Hit]:
    """The first loop that a function runs on a path that serves requests."""
    seen: set[FunctionRef] = set()
    for site in project.sites:
        entry = project.serves(site.function)
        if Act.RUN_LOOP not in site.acts or entry is None or entry.kind != "request" or site.function in seen:
            continue
        if site.offloaded or site.context.in_handler or len(project.paths.get(site.function, ())) > _NEAR:
            continue
        seen.add(site.function)
        yield hit_at("loop-in-handler", site, project, effects=frozenset({Act.RUN_LOOP}))
