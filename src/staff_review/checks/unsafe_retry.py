"""A call that must not happen twice, inside a retry."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project, Retry, Site
from ..nouns.settings import Confidence
from ..nouns.source import Place
from .hits import hit_at

_ONCE = frozenset({Act.CHARGE, Act.NOTIFY})


def check(project: Project) -> Iterator[Hit]:
    """Calls that are not idempotent and carry no key, repeated after errors that may come after they were done."""
    by_place = {site.place: site for site in project.sites if site.direct}
    told: set[Place] = set()
    for retry in project.retries:
        unsent = retry.catches and all(project.errors.get(name) == "not-sent" for name in retry.catches)
        if retry.on == "unknown" or retry.not_yet or unsent:
            continue  # it looks into each error before it repeats, or repeats only what went well or was never sent
        for covered in retry.covers:
            site = _last(covered, by_place)
            if site is None or site.place in told or not _is_unsafe(site):
                continue
            told.add(site.place)
            yield hit_at(
                "unsafe-retry",
                site,
                project,
                names={"name": retry.name, "retry": str(retry.place), "verb": site.verb or "its effect"},
                confidence=_confidence(retry, site),
            )


def _confidence(retry: Retry, site: Site) -> Confidence | None:
    """Least where nothing says that each attempt leaves one thing more: to set the same twice comes to the same."""
    if site.acts & _ONCE:
        return None
    return "low" if not site.adds else None if retry.on == "any" and retry.certain else "medium"


def _last(covered: Site, by_place: dict[Place, Site]) -> Site | None:
    """The operation itself, at the end of the way through helpers."""
    if covered.direct:
        return covered
    trail = covered.way(covered.effects).trail
    return by_place.get(trail[-1].place) if trail else None


def _is_unsafe(site: Site) -> bool:
    return site.repeatable == "no" or (bool(site.acts & _ONCE) and site.repeatable != "yes")
