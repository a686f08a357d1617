"""A library's own limit of a minute or more, where nobody said anything better."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Limit, Project, Site
from ..source import Place
from .hits import hit_at

_TOO_LONG = 60.0
"""Seconds; proxies and browsers have given up by then, the worker has not."""
_FAR_TOO_LONG = 300.0
"""Seconds; longer than anybody waits, whoever calls."""


def check(project: Project) -> Iterator[Hit]:
    """Clients and calls that are bounded by nothing but a default of a minute or more."""
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
