"""A time limit far above the latency that the service declares."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .hits import hit_at

_TIMES = 10
"""A limit up to so many times the declared p99 is a choice; beyond, one slow peer breaks the promise for everybody."""
_FAR = 100


def check(project: Project) -> Iterator[Hit]:
    """Calls on request paths whose limit is many times the declared p99; silent when nothing is declared."""
    if project.scale is None:
        return
    budget = project.scale.p99_ms / 1000
    for site in project.sites:
        limit = site.limit
        entry = project.serves(site.function)
        if limit is None or entry is None or entry.kind != "request" or not site.direct or not site.remote:
            continue
        if limit.state != "bounded" or limit.seconds is None or limit.how == "default" or limit.by_default:
            continue
        if limit.seconds > _TIMES * budget:
            yield hit_at(
                "timeout-above-budget",
                site,
                project,
                names={"seconds": f"{limit.seconds:g}", "p99": f"{project.scale.p99_ms:g}"},
                severity=None if limit.seconds > _FAR * budget else "note",
            )
