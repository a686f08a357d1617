"""A call that holds the thread, made where the thread is an event loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Edit, Hit
from ..nouns.functions import FunctionRef
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from ..nouns.settings import Confidence, Severity
from ..nouns.source import Place
from .grounds.edits import off_the_loop
from .grounds.starting import starts_up
from .hits import hit_at

_NEAR = 3
"""Calls to the end of a trail up to which it is sure to be reached; further on, conditions add up."""
_FAR = 8
_OFTEN_FREE = frozenset({"acquire", "put"})
_SHOWN = 3
"""Coroutines shown for one blocking call deep in a helper: it is one defect, mended in one place."""
_STANDS = frozenset({Effect.BLOCKING, Effect.FILE})
_LONG = REMOTE | {Effect.SLEEP, Effect.PROCESS, Effect.WAIT}


def check(project: Project) -> Iterator[Hit]:
    """Blocking operations, and project functions that end in one, called from a coroutine."""
    by_end: dict[Place, list[Site]] = {}
    on_loop = frozenset(entry.function for entry in project.entries if entry.on_loop)
    for site in _worth_a_word([site for site in project.sites if _holds(project, site, on_loop)]):
        trail = site.way(_STANDS).trail
        by_end.setdefault(trail[-1].place if trail else site.place, []).append(site)
    starting = Counter(_start(site) for site in project.sites if _stands(site))
    busy = _concurrent(project)
    for sites in by_end.values():
        nearest = sorted(sites, key=lambda site: (len(site.way(_STANDS).trail), site.place))
        for site in nearest[:_SHOWN]:
            alone = _program(project, site.function) not in busy
            severity = "note" if alone or site.brief else _severity(project, site)
            # What blocks again in the same chain, `connect(…).execute(…)`, is not mended by moving one of the calls.
            edit = off_the_loop(project, site) if starting[_start(site)] == 1 else None
            yield _hit(project, site, len(sites) - _SHOWN, edit, severity, "low" if alone else _confidence(site))


def _holds(project: Project, site: Site, on_loop: frozenset[FunctionRef]) -> bool:
    """Whether a call holds a loop; so far down a trail that some condition on the way decides, nobody can tell."""
    # For one look at the disk nobody would make a coroutine of what is none.
    runs_there = site.function.is_async or (site.function in on_loop and not site.brief)
    if not _stands(site) or not runs_there or _serves_nobody(project, site.function):
        return False
    elsewhere = site.offloaded or site.awaited or Effect.LOG in site.effects
    return not elsewhere and len(site.way(_STANDS).trail) <= _FAR


def _worth_a_word(sites: list[Site]) -> Iterator[Site]:
    """All that holds a loop for long, and of mere looks at the disk the first, in a coroutine that has nothing else."""
    told = {site.function for site in sites if not site.brief}
    for site in sites:
        if not site.brief or site.function not in told:
            told.add(site.function)
            yield site


def _program(project: Project, function: FunctionRef) -> FunctionRef | None:
    """The function that is run as a program and alone leads here; None where something else does, or nobody knows."""
    entry = project.reached_by.get(function)
    return entry.function if entry is not None and entry.kind == "program" else None


def _concurrent(project: Project) -> set[FunctionRef | None]:
    """The programs that start several tasks; None stands for all else, where somebody waits for the loop anyway."""
    starting = (site for site in project.sites if Act.SPAWN in site.acts or Effect.FAN_OUT in site.effects)
    return {None, *(_program(project, site.function) for site in starting)}


def _severity(project: Project, site: Site) -> Severity | None:
    """An error where others wait for the loop, and for long; less where it is not for long, or for nobody.

    In a program whose ways in are known, nobody is known to wait for what none of them reaches.
    """
    entry = project.reached_by.get(site.function)
    served = entry.is_served if entry is not None else not any(one.is_served for one in project.entries)
    return None if _is_long(site) and served else "warning"


def _hit(
    project: Project,
    site: Site,
    others: int,
    edit: Edit | None,
    severity: Severity | None,
    confidence: Confidence | None,
) -> Hit:
    end = site.way(_STANDS).operation
    holds = (
        "touches the disk"
        if site.way(_STANDS).operation and Effect.FILE in site.effects and not _is_long(site)
        else "holds the thread"
    )
    because = f"`{end}` {holds}" if site.direct else f"it ends in `{end}`, which {holds}"
    reach = "coroutine reaches" if others == 1 else "coroutines reach"
    more = f" (and {others} more {reach} the same call)" if others > 0 else ""
    return hit_at(
        "blocking-call-in-async",
        site,
        project,
        effects=_STANDS,
        names={"async_function": site.function.qualified, "because": because + more},
        severity=severity,
        confidence=confidence,
        edit=edit,
    )


def _confidence(site: Site) -> Confidence | None:
    """Low for a client that is known by its name only: there may be an asynchronous twin of the same name behind it.

    Medium far away, and behind a helper for a lock or a queue, which often are free at once.
    """
    if (site.remote and not (site.certain or site.has_twin)) or site.way(_STANDS).refused:
        return "low"
    end = site.way(_STANDS).operation.rpartition(".")[2]
    near = len(site.way(_STANDS).trail) <= _NEAR and (site.direct or end not in _OFTEN_FREE)
    return None if site.certain and near else "medium"


def _start(site: Site) -> tuple[str, int, int]:
    return (site.place.path, site.place.span.line, site.place.span.column)


def _stands(site: Site) -> bool:
    """Whether the thread stands still for this call."""
    return Effect.BLOCKING in site.effects or (not site.direct and Effect.FILE in site.effects)


def _serves_nobody(project: Project, function: FunctionRef) -> bool:
    """Whether nobody is served yet, or any more, or ever, while this runs; a command that goes on may serve."""
    entry = project.reached_by.get(function)
    by_hand = entry is not None and entry.kind == "command" and function in project.watched
    return starts_up(project, function) or by_hand


def _is_long(site: Site) -> bool:
    """Whether the loop stands still for a peer or a timer, not only for a disk."""
    if site.direct:
        return not site.effects.isdisjoint(_LONG)
    blocking = site.way(frozenset({Effect.BLOCKING})).operation
    return any(site.way(frozenset({effect})).operation == blocking for effect in _LONG & site.effects)
