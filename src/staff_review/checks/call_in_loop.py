"""One remote call for each item of a collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..libraries import Effect
from ..project import Loop, Project, Site
from ..settings import Confidence
from .hits import hit_at

_PER_ITEM = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)
_NEAR = 2
"""Steps of a trail up to which the loop and the call belong together; further away they are two designs."""


def check(project: Project) -> Iterator[Hit]:
    """Remote calls, also behind helpers, in a loop over data."""
    for site in project.sites:
        if site.effects.isdisjoint(_PER_ITEM) or site.many or site.is_client or site.scheduled or _seldom(site):
            continue
        loop = _over_items(site)
        if loop is not None:
            batch = f"; `{site.batch}` takes many at once" if site.batch else ""
            yield hit_at(
                "call-in-loop",
                site,
                project,
                effects=_PER_ITEM,
                names={"loop": loop.over, "batch": batch},
                confidence=_confidence(project, site),
                severity=None if project.serves(site.function) else "note",
            )


def _seldom(site: Site) -> bool:
    """Whether it runs in one round only, or after a failure."""
    return site.context.once or site.context.in_handler


def _confidence(project: Project, site: Site) -> Confidence | None:
    """Low far from the loop, and in a command that a person runs and watches."""
    entry = project.reached_by.get(site.function)
    if entry is not None and entry.kind in ("command", "start-up"):
        return "low"
    return "low" if len(site.way(_PER_ITEM).trail) > _NEAR else None


def _over_items(site: Site) -> Loop | None:
    """The loop over items around the call, unless a retry, a page or a small fixed set explains it."""
    for loop in site.context.loops:
        if loop.form in ("retry", "count", "endless", "while") or loop.few or loop.batched or loop.stops:
            return None
        return loop
    return None
