"""A retry or breaker around a function that catches every error itself, so nothing ever reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Region, Site
from ..nouns.source import Place
from .grounds.guards import keeps
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Decorated functions all of whose remote calls stand in a handler that keeps every error to itself."""
    by_guard: dict[Place, list[tuple[Site, Region]]] = {}
    for site in project.sites:
        for region in site.context.regions:
            if region.decorates and region.kind in ("retry", "breaker") and site.remote and not site.context.in_handler:
                by_guard.setdefault(region.place, []).append((site, region))
    chosen = {retry.place for retry in project.retries if retry.on != "any" and not retry.catches}
    for place, guarded in sorted(by_guard.items()):
        if place in chosen or not all(keeps(site) for site, _ in guarded):
            continue
        site, region = guarded[0]
        yield hit_on(
            "guard-that-never-acts",
            place,
            site.function,
            project,
            subject=region.name,
            names={"guard": region.name, "kind": region.kind, "call": site.call, "function": site.function.qualified},
        )
