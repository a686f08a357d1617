"""A limit that ends when the connection stands: the answer may still take for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.settings import Confidence
from .grounds.streaming import only_streams
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Calls and clients with a connect limit and no read limit."""
    for site in project.sites:
        limit = site.limit
        if limit is None or limit.state != "unbounded" or not limit.connect_only:
            continue
        if (site.remote or site.is_client) and (limit.how != "client" or site.is_client):
            # An answer that goes on as long as there is more has no end of its own; its silence may well be meant.
            sure: Confidence | None = "low" if only_streams(project, site) else None
            yield hit_at("connect-timeout-only", site, project, confidence=sure)
