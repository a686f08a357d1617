"""One remote call for each item of a collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project
from .rounds import asks_database, hit_for, rounds_of

_PER_ITEM: frozenset[Effect | Act] = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)


def check(project: Project) -> Iterator[Hit]:
    """Remote calls, also behind helpers, in a loop over data; what only asks a database has a rule of its own."""
    sites = (site for site in project.sites if site.effects & _PER_ITEM and not asks_database(site))
    for one in rounds_of(project, sites, _PER_ITEM):
        yield hit_for("call-in-loop", project, one, _PER_ITEM)
