"""An event about a change, told only to whoever listens at that moment."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from .grounds.handing_over import ANNOUNCING, by_function, open_transaction, same_round
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Broadcasting after a write of the same function, where nothing else tells of it."""
    for sites in by_function(project).values():
        for site in sites:
            if Act.BROADCAST not in site.acts or not site.direct or open_transaction(site):
                continue
            write = next(
                (one for one in sites if Act.WRITE in one.acts and one.before(site) and same_round(one, site)), None
            )
            kept = any(not one.acts.isdisjoint(ANNOUNCING - {Act.BROADCAST}) for one in sites)
            if write is not None and not kept:
                names = {"write": write.call}
                yield hit_at("fire-and-forget-pubsub", site, project, names=names, effects=frozenset({Act.BROADCAST}))
