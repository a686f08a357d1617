"""A call that holds the thread, made where the thread is an event loop."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..libraries import REMOTE, Effect
from ..project import Project, Site
from .hits import hit_at

_STANDS = frozenset({Effect.BLOCKING, Effect.FILE})
_LONG = REMOTE | {Effect.SLEEP, Effect.PROCESS, Effect.WAIT}


def check(project: Project) -> Iterator[Hit]:
    """Blocking operations, and project functions that end in one, called from a coroutine."""
    for site in project.sites:
        if site.effects.isdisjoint(_STANDS) or not site.function.is_async:
            continue
        if site.offloaded or site.awaited or site.effects & {Effect.LOG}:
            continue
        if not _is_long(site) and _starts_up(project, site):
            continue
        end = site.way(_STANDS).operation
        because = f"`{end}` holds the thread" if site.direct else f"it ends in `{end}`, which holds the thread"
        yield hit_at(
            "blocking-call-in-async",
            site,
            project,
            effects=_STANDS,
            names={"async_function": site.function.qualified, "because": because},
            severity=None if _is_long(site) else "warning",
            confidence=None if site.certain else "medium",
        )


def _starts_up(project: Project, site: Site) -> bool:
    """Whether nobody is served yet while this runs."""
    entry = project.reached_by.get(site.function)
    return entry is not None and entry.kind in ("start-up", "command")


def _is_long(site: Site) -> bool:
    """Whether the loop stands still for a peer or a timer, not only for a disk."""
    if site.direct:
        return not site.effects.isdisjoint(_LONG)
    blocking = site.way(frozenset({Effect.BLOCKING})).operation
    return any(site.way(frozenset({effect})).operation == blocking for effect in _LONG & site.effects)
