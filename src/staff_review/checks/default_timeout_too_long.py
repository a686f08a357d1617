"""A library's own limit of a minute or more, on a path that somebody waits on."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Project
from .hits import hit_at

_TOO_LONG = 60.0
"""Seconds; proxies and browsers have given up by then, the worker has not."""


def check(project: Project) -> Iterator[Hit]:
    """Calls that serve a request and are bounded by nothing but a default of a minute or more."""
    for site in project.sites:
        limit = site.limit
        if limit is None or limit.state != "bounded" or limit.how != "default" or limit.seconds is None:
            continue
        if limit.seconds >= _TOO_LONG and site.remote and site.direct and project.serves(site.function):
            yield hit_at("default-timeout-too-long", site, project, names={"seconds": f"{limit.seconds:g}"})
