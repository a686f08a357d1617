"""Independent remote calls awaited one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from ..nouns.source import Place
from .hits import hit_at

_SLOW: frozenset[Effect | Act] = frozenset({Effect.HTTP, Effect.RPC, Effect.CLOUD, Effect.STORAGE})


def check(project: Project) -> Iterator[Hit]:
    """Neighbours that only read, on a path that serves requests; a session takes one statement at a time anyway."""
    direct = {site.place: site for site in project.sites if site.direct}
    for pair in project.burdens.in_turn:
        entry = project.serves(pair.first.function)
        if entry is not None and entry.kind == "request" and _reads(pair.first, direct) and _reads(pair.second, direct):
            yield hit_at("sequential-calls", pair.second, project, effects=_SLOW, names={"first": pair.first.call})


def _reads(site: Site, direct: dict[Place, Site]) -> bool:
    """Whether a call only reads from another service, so that its turn does not matter; the unknown may change it."""
    if site.effects & REMOTE - _SLOW or site.effects.isdisjoint(_SLOW) or site.acts:
        return False
    if site.context.loops or site.context.regions:
        return False
    trail = site.way(_SLOW).trail
    last = site if site.direct else direct.get(trail[-1].place) if trail else None
    return last is not None and last.repeatable == "yes" and last.verb in ("GET", "HEAD", "")
