"""A remote call whose limit was switched off in so many words."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project
from .grounds.edits import time_limit_instead
from .grounds.streaming import only_streams
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Calls and clients that are given None, 0 or infinity as their limit."""
    for site in project.sites:
        limit = site.limit
        if limit is None or limit.state != "unbounded" or not limit.on_purpose or limit.connect_only:
            continue
        if (limit.how == "client" and not site.is_client) or Effect.WAIT in site.effects:
            continue
        if (site.remote or site.is_client) and not only_streams(project, site):
            entry = project.reached_by.get(site.function)
            alone = entry is not None and entry.kind == "program"  # it may well wait for its next work
            yield hit_at(
                "timeout-disabled",
                site,
                project,
                confidence="low" if alone else None if site.certain else "medium",
                edit=time_limit_instead(project, site),
            )
