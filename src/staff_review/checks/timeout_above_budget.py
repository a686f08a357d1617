"""A time limit far above the latency that the service declares."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from ..nouns.settings import Scale
from ..nouns.source import Place
from .hits import hit_at

_TIMES = 10
"""A limit up to so many times the declared p99 is a choice; beyond, one slow peer breaks the promise for everybody."""
_FAR = 100


def check(project: Project) -> Iterator[Hit]:
    """Limits of calls on request paths that are many times the declared p99, each told once, where it is set."""
    if project.scale is None:
        return
    budget = project.scale.p99_ms / 1000
    told: dict[Place, list[Site]] = {}
    for site in project.sites:
        limit = site.limit
        entry = project.serves(site.function)
        if limit is None or entry is None or entry.kind != "request" or not site.direct or not site.remote:
            continue
        if limit.state != "bounded" or limit.seconds is None or limit.how == "default" or limit.by_default:
            continue
        place = site.place if limit.how == "argument" else limit.set_at
        if limit.seconds > _TIMES * budget and place is not None:
            told.setdefault(place, []).append(site)
    for place, sites in sorted(told.items()):
        yield _told(project, project.scale, place, sites)


def _told(project: Project, scale: Scale, place: Place, sites: list[Site]) -> Hit:
    seconds = max((site.limit.seconds or 0) for site in sites if site.limit is not None)
    more = len(sites) - 1
    names = {"seconds": f"{seconds:g}", "p99": f"{scale.p99_ms:g}", "others": f" and {more} more" if more else ""}
    far = seconds > _FAR * scale.p99_ms / 1000
    hit = hit_at("timeout-above-budget", sites[0], project, names=names, severity=None if far else "note")
    return replace(hit, place=place)
