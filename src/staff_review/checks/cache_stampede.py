"""A miss that every caller fills at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from .grounds.keys import key_of, reads_before, work_between
from .hits import hit_at

_OF_ONE = re.compile(r"user|token|session|account|member|email|customer|profile|self\.(?:pk|id)\b", re.IGNORECASE)


def check(project: Project) -> Iterator[Hit]:
    """Read, miss, remote work, write, on a path that serves requests, with no lock around and nothing random."""
    for write in project.sites:
        if Act.CACHE_WRITE not in write.acts or not write.direct or write.context.in_handler:
            continue
        if _is_guarded(write, project):
            continue
        entry = project.serves(write.function)
        if entry is None or entry.kind != "request":
            continue
        works = (work_between(read, write, project) for read in reads_before(write, project))
        work = next(filter(None, works), ())
        if work:
            yield hit_at(
                "cache-stampede",
                write,
                project,
                effects=frozenset({Act.CACHE_WRITE}),
                names={"work": work[0].call, "key": key_of(write)},
                confidence=None if _is_costly(work) and not _is_of_one(write) else "low",
            )


def _is_costly(work: tuple[Site, ...]) -> bool:
    """Whether it is more than one query: several, what another service answers, or a piece of work of its own."""
    steps = {site.place.span.line for site in work if not site.context.in_handler}
    away = REMOTE - {Effect.DATABASE, Effect.CACHE}
    return len(steps) > 1 or any(site.effects & away or not site.direct for site in work)


def _is_of_one(write: Site) -> bool:
    """Whether an entry is about one user or one object, so that few ask for it at once."""
    told = (key_of(write), write.function.qualified, *write.uses)
    return any(map(_OF_ONE.search, told))


def _is_guarded(write: Site, project: Project) -> bool:
    """Whether one caller at a time fills it, or entries end at different times."""
    if any(region.kind in ("lock", "semaphore") for region in write.context.regions):
        return True
    expiry = write.options.get("expiry")
    if expiry is not None and any(word in expiry.text.lower() for word in ("random", "jitter", "uniform", "randint")):
        return True
    return any(site.function == write.function and Act.LOCK in site.acts for site in project.sites)
