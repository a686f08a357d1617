"""Work that must happen, kept only in the memory of the process that answered the request."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.site import Site
from .grounds.handing_over import by_function, is_set
from .hits import hit_at

_DUE = frozenset({Act.PUBLISH, Act.CHARGE, Act.NOTIFY, Act.WRITE, Act.COMMIT})

_ONCE: frozenset[Effect | Act] = frozenset({Act.NOTIFY, Act.CHARGE})
_LASTING = frozenset({Act.WRITE, Act.COMMIT, Act.PUBLISH, Act.CHARGE})


def check(project: Project) -> Iterator[Hit]:
    """Background work of a request, in this process, that writes, sends or charges."""
    for function, sites in by_function(project).items():
        entry = project.serves(function)
        if entry is None or entry.kind != "request":
            continue
        for started in sites:
            if Act.SPAWN not in started.acts or not is_set(started, "kept", True) or _is_joined(started, sites):
                continue
            work = next((site for site in sites if _is_started(site, started)), None)
            if work is not None:
                names = {"work": work.call}
                missed = _is_told(work) or any(_is_half(site, started) for site in sites)
                low: Confidence | None = None if missed else "low"
                yield hit_at("work-in-process-memory", started, project, names=names, effects=_DUE, confidence=low)


def _is_started(site: Site, started: Site) -> bool:
    """Whether a call is what the other one starts, and must not be lost."""
    inner, outer = site.place.span, started.place.span
    inside = (outer.line, outer.column) <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= (
        outer.end_line,
        outer.end_column,
    )
    return site is not started and inside and (site.offloaded or site.scheduled) and not site.acts.isdisjoint(_DUE)


def _is_told(work: Site) -> bool:
    """Whether the work itself, not something deep below it, is to write to somebody or to charge them."""
    return not work.acts.isdisjoint(_ONCE) and len(work.way(_ONCE).trail) <= 1


def _is_half(site: Site, started: Site) -> bool:
    """Whether a call has changed something for good before: then losing the rest leaves the request half done.

    What only begins in the background can be asked for once more.
    """
    return site.before(started) and not site.acts.isdisjoint(_LASTING) and not (site.offloaded or site.scheduled)


def _is_joined(started: Site, sites: list[Site]) -> bool:
    """Whether somebody waits for it before the request is answered."""
    return started.awaited or any(
        not started.gives.isdisjoint(site.uses) and not site.effects.isdisjoint({Effect.WAIT}) for site in sites
    )
