"""A lock of this process held while a remote call is made."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Region, Site
from .hits import hit_at

_AWAY: frozenset[Effect | Act] = frozenset({Effect.HTTP, Effect.RPC, Effect.MAIL, Effect.STORAGE, Effect.CLOUD})

_NEAR = 1
"""Steps of a trail up to which the lock and the call belong together."""


def check(project: Project) -> Iterator[Hit]:
    """Calls to another machine that all who serve must make one after the other."""
    shared = {(site.function, name) for site in project.sites if Act.LOCK in site.acts for name in site.gives}
    lines = {(site.place.path, site.place.span.line) for site in project.sites if Act.LOCK in site.acts}
    for site in project.sites:
        if (
            len(site.way(_AWAY).trail) > _NEAR
            or site.effects.isdisjoint(_AWAY)
            or site.offloaded
            or site.scheduled
            or not project.serves(site.function)
        ):
            continue
        region = _lock(site)
        if region is None or (site.function, region.name) in shared:
            continue
        if (region.place.path, region.place.span.line) in lines or region.place in project.burdens.filling:
            continue
        yield hit_at("lock-held-over-call", site, project, effects=_AWAY, names={"lock": region.name})


def _lock(site: Site) -> Region | None:
    return next((region for region in site.context.regions if region.kind == "lock"), None)
