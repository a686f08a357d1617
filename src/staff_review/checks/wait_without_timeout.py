"""Waiting without a limit for another thread, task or process, where somebody waits for us."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from ..nouns.settings import Confidence
from .edits import time_limit
from .hits import hit_at

_SLOW = REMOTE | {Effect.WAIT, Effect.SLEEP, Effect.PROCESS}


def check(project: Project) -> Iterator[Hit]:
    """Unbounded waits on paths that serve requests or messages."""
    slow = {site.function for site in project.sites if not _is_lock(site) and not site.effects.isdisjoint(_SLOW)}
    starting = {site.function for site in project.sites if Act.SPAWN in site.acts}
    for site in project.sites:
        if _is_lock(site) and site.function not in slow:
            continue  # held for a moment, around work that waits for nobody
        limit = site.limit
        if not site.waits_for_us or not site.direct or limit is None or limit.state != "unbounded":
            continue
        if any(loop.form in ("endless", "while") for loop in site.context.loops):
            continue  # the body of a worker or a stream: waiting is its job
        if site.function.qualified.rpartition(".")[2] == site.call.rpartition(".")[2] and not site.discarded:
            continue  # it hands a wait on under the same name: those who call it decide how long
        if project.serves(site.function) is not None and not site.offloaded and not _waited_before(project, site):
            # Some waits tell by what they give back that the time was up; where nobody looks, a limit would hide it.
            edit = None if site.discarded else time_limit(project, site)
            # An event that a task of this function sets is seldom forgotten.
            own = site.operation.endswith("Event.wait") and site.function in starting
            confidence: Confidence | None = "low" if own else None
            effects = frozenset({Effect.WAIT})
            yield hit_at("wait-without-timeout", site, project, effects=effects, confidence=confidence, edit=edit)


def _waited_before(project: Project, site: Site) -> bool:
    """Whether an earlier wait is for all that the loop around this one runs over: it is judged there."""
    over = {loop.over for loop in site.context.loops}
    return any(
        Effect.WAIT in other.effects and not over.isdisjoint(other.uses) and other.before(site)
        for other in (project.sites if over else ())
    )


def _is_lock(site: Site) -> bool:
    return site.operation.endswith("Lock.acquire")
