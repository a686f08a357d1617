"""Pages found by skipping all rows before them, as far as callers ask."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Offsets that are not constant, on a path that serves requests, with nothing known to cap them."""
    for site in project.sites:
        if Act.OFFSET not in site.acts or not site.direct:
            continue
        entry = project.serves(site.function)
        if entry is not None and entry.kind == "request" and _is_asked_for(site):
            yield hit_at(
                "deep-offset-pagination",
                site,
                project,
                effects=frozenset({Act.OFFSET}),
                names={"offset": site.options["offset"].text},
            )


def _is_asked_for(site: Site) -> bool:
    offset = site.options.get("offset")
    if offset is None or offset.state == "absent" or offset.values:
        return False
    return bool(offset.text) and not any(word in offset.text.lower() for word in ("min(", "max_", "cap", "clamp"))
