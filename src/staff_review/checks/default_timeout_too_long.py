"""A limit of a minute or more that nobody chose for the call: the library's own, or that of the task around it."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Limit, Project, Site
from ..nouns.source import Place
from .hits import hit_at

_TOO_LONG = 60.0
"""Seconds; proxies and browsers have given up by then, the worker has not."""
_FAR_TOO_LONG = 300.0
"""Seconds; longer than anybody waits, whoever calls."""


def check(project: Project) -> Iterator[Hit]:
    """Clients and calls that are bounded by nothing but a default, or the end of their task, of a minute or more."""
    yield from _of_libraries(project)
    yield from _of_tasks(project)


def _of_tasks(project: Project) -> Iterator[Hit]:
    """Calls without a limit in a task that its worker ends: until then, they hold the worker."""
    for site in project.sites:
        entry, limit = project.reached_by.get(site.function), site.limit
        if entry is None or not entry.limit.endswith("s") or limit is None or limit.on_purpose or limit.connect_only:
            continue
        seconds = float(entry.limit[:-1])
        own = site.remote and site.direct and limit.how != "client"
        if own and limit.state == "unbounded" and seconds >= _TOO_LONG:
            yield hit_at(
                "default-timeout-too-long",
                site,
                project,
                names={"seconds": f"{seconds:g}"},
                clauses={"whose": "task"},
                severity=None if seconds >= _FAR_TOO_LONG else "note",
            )


def _of_libraries(project: Project) -> Iterator[Hit]:
    first = _first_calls(project)
    for site in project.sites:
        told = first.get(site.place, site) if site.is_client else site
        limit = site.limit
        if limit is None or limit.state != "bounded" or limit.seconds is None or limit.seconds < _TOO_LONG:
            continue
        if not _is_told_here(site, limit):
            continue
        entry = project.reached_by.get(site.function)
        if entry is not None and entry.kind in ("command", "program", "schedule") and limit.seconds < _FAR_TOO_LONG:
            continue  # nobody waits for a nightly job
        serves = project.serves(site.function) is not None
        yield hit_at(
            "default-timeout-too-long",
            told,
            project,
            names={"seconds": f"{limit.seconds:g}"},
            clauses={"whose": "library"},
            severity=None if serves or limit.seconds >= _FAR_TOO_LONG else "note",
        )


def _first_calls(project: Project) -> dict[Place, Site]:
    """Where a client is made for one function only: its first call there, which is what waits."""
    makers = {site.place: site.function for site in project.sites if site.is_client and not site.kept}
    found: dict[Place, Site] = {}
    for site in project.sites:
        by_client = site.limit is not None and site.limit.by_default
        if site.made_at is not None and by_client and makers.get(site.made_at) == site.function:
            found.setdefault(site.made_at, site)
    return found


def _is_told_here(site: Site, limit: Limit) -> bool:
    """Whether the default is this call's own, or this is where the client that carries it is made."""
    return limit.by_default if site.is_client else limit.how == "default" and site.remote and site.direct
