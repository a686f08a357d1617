"""One database query for each item, by a call or by reading a relation that was not loaded along."""

from __future__ import annotations

from collections.abc import Iterator

from ..acts import Act
from ..findings import Hit
from ..libraries import Effect
from ..project import Project
from .hits import hit_at, hit_on
from .rounds import asks_database, confidence_of, each_round, over_items, severity_of

_ASKING: frozenset[Effect | Act] = frozenset({Effect.DATABASE})


def check(project: Project) -> Iterator[Hit]:
    """Queries, also behind helpers, in a loop over data; and the lazy loads of objects that a query gave."""
    for site in project.sites:
        loop = over_items(site.context.loops) if each_round(site) and asks_database(site) else None
        if loop is not None:
            batch = f"; `{site.batch}` takes many at once" if site.batch else ""
            yield hit_at(
                "query-in-loop",
                site,
                project,
                effects=_ASKING,
                names={"loop": loop.over, "batch": batch},
                confidence=confidence_of(project, site, _ASKING),
                severity=severity_of(project, site),
            )
    for load in project.burdens.lazy_loads:
        if over_items((load.loop,)) is not None:
            yield hit_on(
                "query-in-loop",
                load.place,
                load.function,
                project,
                subject=load.read,
                names={"loop": load.loop.over, "batch": f"; the query may load `{load.relation}` along"},
                trail=(*project.paths.get(load.function, ()), *load.trail),
                severity=None if project.serves(load.function) else "note",
            )
