"""One remote call for each item of a collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..acts import Act
from ..findings import Hit
from ..libraries import Effect
from ..project import Project
from .hits import hit_at
from .rounds import asks_database, confidence_of, each_round, over_items, severity_of

_PER_ITEM: frozenset[Effect | Act] = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)


def check(project: Project) -> Iterator[Hit]:
    """Remote calls, also behind helpers, in a loop over data; what only asks a database has a rule of its own."""
    for site in project.sites:
        if site.effects.isdisjoint(_PER_ITEM) or not each_round(site) or asks_database(site):
            continue
        loop = over_items(site.context.loops)
        if loop is not None:
            batch = f"; `{site.batch}` takes many at once" if site.batch else ""
            yield hit_at(
                "call-in-loop",
                site,
                project,
                effects=_PER_ITEM,
                names={"loop": loop.over, "batch": batch},
                confidence=confidence_of(project, site, _PER_ITEM),
                severity=severity_of(project, site),
            )
