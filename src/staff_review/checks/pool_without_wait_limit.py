"""A request that waits for a connection of a pool for as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .grounds.keys import never_ends
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """The first taking of a connection in each file that nothing bounds, on a path that serves."""
    seen: set[tuple[str, str]] = set()
    for site in project.sites:
        if Act.SESSION not in site.acts or not site.direct or not never_ends(site.options.get("wait")):
            continue
        mark = (site.place.path, site.receiver)
        if mark in seen or project.serves(site.function) is None or _is_bounded(site):
            continue
        seen.add(mark)
        yield hit_at("pool-without-wait-limit", site, project, effects=frozenset({Act.SESSION}))


def _is_bounded(site: Site) -> bool:
    return any(region.kind == "limit" for region in site.context.regions)
