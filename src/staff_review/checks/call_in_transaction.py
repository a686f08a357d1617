"""A remote call while a database transaction is open."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Site
from .grounds.handing_over import open_transaction
from .hits import hit_at
from .publish_before_commit import announces

_AWAY = frozenset({Effect.HTTP, Effect.RPC, Effect.QUEUE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD})


def check(project: Project) -> Iterator[Hit]:
    """Calls to another machine than the database, inside an open transaction of the same function."""
    for site in project.sites:
        if site.effects.isdisjoint(_AWAY) or site.offloaded or site.scheduled or announces(site):
            continue
        region = open_transaction(site)
        if region is not None:
            yield hit_at(
                "call-in-transaction",
                site,
                project,
                effects=_AWAY,
                names={"transaction": region.name, "because": _because(site)},
            )


def _because(site: Site) -> str:
    way = site.way(_AWAY)
    return "" if site.direct else f"; it ends in `{way.operation}`"
