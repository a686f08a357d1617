"""A pool of connections left at its default, too small for the declared traffic."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.burdens import FILES
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Pools whose size nobody chose, where as many requests are under way at once as the settings declare."""
    if project.scale is None:
        return
    needed = project.scale.requests_per_second * project.scale.p99_ms / 1000
    for site in project.sites:
        size = _default(site)
        if size is not None and size < needed:
            yield hit_at(
                "pool-not-sized",
                site,
                project,
                effects=frozenset({Act.POOL}),
                names={
                    "size": f"{size:g}",
                    "needed": f"{needed:g}",
                    "rate": f"{project.scale.requests_per_second:g}",
                    "p99": f"{project.scale.p99_ms:g}",
                },
            )


def _default(site: Site) -> float | None:
    """How many connections the library allows when nothing is said; None when something is, or nobody can tell."""
    if Act.POOL not in site.acts or not site.direct:
        return None
    kind, address = site.options.get("kind"), site.options.get("address")
    if kind is not None and kind.state != "absent":
        return None
    if address is not None and any(str(value).startswith(FILES) for value in address.values):
        return None
    total = 0.0
    for name in ("size", "overflow"):
        option = site.options.get(name)
        if option is None:
            continue
        if option.state != "absent" or not isinstance(option.values[0] if option.values else None, (int, float)):
            return None
        total += float(str(option.values[0]))
    return total or None
