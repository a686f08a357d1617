"""A remote call that must succeed before a module of a service can be imported."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE
from ..nouns.project import Project, Site
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Calls to another machine in the bodies of modules, where what imports them answers requests or takes messages."""
    serving = {project.wholes.get(entry.function.path) for entry in project.entries if entry.is_waited_for}
    at = {site.place: site for site in project.sites}
    for site in project.sites:
        if site.place not in project.at_import or not site.remote or site.is_client or site.offloaded or site.scheduled:
            continue
        way = site.way(REMOTE)
        on_the_way = [site, *(at[step.place] for step in way.trail if step.place in at)]
        if any(map(_goes_on, on_the_way)) or any(one.limit and one.limit.how == "not-due" for one in on_the_way):
            continue
        if project.wholes.get(site.place.path) in serving:
            because = "" if site.direct else f"; it ends in `{way.operation}`"
            yield hit_at("call-at-import", site, project, names={"because": because})


def _goes_on(site: Site) -> bool:
    """Whether a handler around a call goes on without the answer."""
    return any("raises" not in handler.does for handler in site.context.handlers)
