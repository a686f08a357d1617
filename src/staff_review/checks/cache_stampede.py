"""A miss that every caller fills at the same time."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .hits import hit_at
from .keys import key_of, reads_before, work_between


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
        work = next((work for work in works if work is not None), None)
        if work is not None:
            yield hit_at(
                "cache-stampede",
                write,
                project,
                effects=frozenset({Act.CACHE_WRITE}),
                names={"work": work.call, "key": key_of(write)},
            )


def _is_guarded(write: Site, project: Project) -> bool:
    """Whether one caller at a time fills it, or entries end at different times."""
    if any(region.kind in ("lock", "semaphore") for region in write.context.regions):
        return True
    expiry = write.options.get("expiry")
    if expiry is not None and any(word in expiry.text.lower() for word in ("random", "jitter", "uniform", "randint")):
        return True
    return any(site.function == write.function and Act.LOCK in site.acts for site in project.sites)
