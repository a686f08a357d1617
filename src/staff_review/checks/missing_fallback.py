"""A value that may be missing anyway, and a failed call for it that fails the whole request."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Site
from ..nouns.source import Place
from .hits import hit_at

_FAR = frozenset({Effect.HTTP, Effect.RPC})


def check(project: Project) -> Iterator[Hit]:
    """Reads of a peer in functions that may give nothing, with no handler around them on the way from a request."""
    caught = _caught(project)
    for site in project.sites:
        entry = project.serves(site.function)
        if entry is None or entry.kind != "request" or not site.direct or site.effects.isdisjoint(_FAR):
            continue
        if site.repeatable != "yes" or site.context.handlers or site.place in caught:
            continue
        if site.function in project.optional:
            yield hit_at("missing-fallback", site, project)


def _caught(project: Project) -> set[Place]:
    """Operations whose failure some caller handles."""
    sites: list[Site] = [site for site in project.sites if not site.direct and site.context.handlers]
    return {step.place for site in sites for step in site.way(site.effects).trail}
