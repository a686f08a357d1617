"""A remote call that must succeed before a module of a service can be imported."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE
from ..nouns.project import Project
from .hits import hit_at

_SERVING = ("request", "message", "task")


def check(project: Project) -> Iterator[Hit]:
    """Calls to another machine in the bodies of modules, where what imports them answers requests or takes messages."""
    serving = {project.wholes.get(entry.function.path) for entry in project.entries if entry.kind in _SERVING}
    for site in project.sites:
        if site.place not in project.at_import or not site.remote or site.is_client or site.offloaded or site.scheduled:
            continue
        tolerated = any("raises" not in handler.does for handler in site.context.handlers)
        if not tolerated and project.wholes.get(site.place.path) in serving:
            way = site.way(REMOTE)
            names = {} if site.direct else {"because": f"; it ends in `{way.operation}`"}
            yield hit_at("call-at-import", site, project, names=names)
