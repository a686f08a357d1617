"""Reads of a peer that give up at the first hiccup."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .grounds.peers import is_under, neglected


def check(project: Project) -> Iterator[Hit]:
    """One hit for each of the most called peers of a service whose repeatable calls nobody repeats."""
    repeated = {site.place for retry in project.retries for site in retry.covers}

    def lacks(site: Site) -> bool:
        return (
            site.repeatable == "yes"
            and site.own_retry is None
            and site.place not in repeated
            and not _is_replaced(site)
            and not is_under(project, site, "retry")
        )

    return neglected("missing-retry", project, lacks)


def _is_replaced(site: Site) -> bool:
    """Whether a handler around a call lives without its answer."""
    handlers = site.context.handlers
    return bool(handlers) and not handlers[0].does & {"raises", "calls"}
