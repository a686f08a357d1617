"""Waiting without a limit for another thread, task or process, in what serves or goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..nouns.acts import Act
from ..nouns.findings import Edit, Hit
from ..nouns.functions import FunctionRef
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from ..nouns.settings import Confidence, Severity
from .grounds.edits import time_limit
from .grounds.starting import serves_nobody
from .hits import hit_at

_SLOW = REMOTE | {Effect.WAIT, Effect.SLEEP, Effect.PROCESS}
_WAIT = frozenset({Effect.WAIT})


def check(project: Project) -> Iterator[Hit]:
    """Unbounded waits on paths that serve requests or messages, and for a child process in what goes on beside them."""
    slow = {
        site.function for site in project.sites if Act.EXCLUDE not in site.acts and not site.effects.isdisjoint(_SLOW)
    }
    starting = {site.function for site in project.sites if Act.SPAWN in site.acts}
    services = _services(project)
    waits: dict[FunctionRef, list[Site]] = {}
    for site in project.sites:
        if Effect.WAIT in site.effects:
            waits.setdefault(site.function, []).append(site)
    for site in project.sites:
        if Act.EXCLUDE in site.acts and site.function not in slow:
            continue  # held for a moment, around work that waits for nobody
        limit = site.limit
        if not site.waits_for_us or not site.direct or limit is None or limit.state != "unbounded":
            continue
        if any(loop.form in ("endless", "while") for loop in site.context.loops):
            continue  # the body of a worker or a stream: waiting is its job
        if _hands_on(site):
            continue
        if site.offloaded or _waited_before(waits.get(site.function, ()), site):
            continue
        # Some waits tell by what they give back that the time was up; where nobody looks, a limit would hide it.
        edit = None if site.discarded else time_limit(project, site)
        if project.serves(site.function) is not None:
            # An event that a task of this function sets is seldom forgotten.
            own = Act.AWAIT_EVENT in site.acts and site.function in starting
            confidence: Confidence | None = "low" if own else None
            yield _hit(project, site, "request", None, confidence, edit)
        elif Effect.PROCESS in site.effects and _goes_on(project, site, services):
            yield _hit(project, site, "caller", "note", "low", edit)  # nobody is known to wait for it


def _hands_on(site: Site) -> bool:
    """Whether a wait is handed on under its own name: those who call decide how long. Who starts a program does not."""
    starts = Effect.PROCESS in site.effects and "." not in site.receiver
    same = site.function.qualified.rpartition(".")[2] == site.call.rpartition(".")[2]
    return same and not starts and not site.discarded


def _hit(
    project: Project, site: Site, held: str, severity: Severity | None, confidence: Confidence | None, edit: Edit | None
) -> Hit:
    return hit_at(
        "wait-without-timeout",
        site,
        project,
        clauses={"held": held},
        effects=_WAIT,
        severity=severity,
        confidence=confidence,
        edit=edit,
    )


def _services(project: Project) -> frozenset[str]:
    """The programs that serve somebody, each by its first file."""
    wholes = (project.wholes.get(one.function.path, "") for one in project.entries if one.is_waited_for)
    return frozenset(wholes) - {""}


def _goes_on(project: Project, site: Site, services: frozenset[str]) -> bool:
    """Whether a call belongs to a schedule, a lasting program, or a way into a service that nobody knows."""
    known = site.function in project.reached_by
    goes_on = known or (site.function.index != 0 and project.wholes.get(site.place.path) in services)
    return goes_on and not serves_nobody(project, site.function)


def _waited_before(waits: Iterable[Site], site: Site) -> bool:
    """Whether an earlier of these waits is for the same process, or for all that the loop around this one runs over."""
    over = {loop.over for loop in site.context.loops}
    return any(other.before(site) and (_is_for(other, site) or not over.isdisjoint(other.uses)) for other in waits)


def _is_for(one: Site, other: Site) -> bool:
    """Whether both wait for what was made in one place: the first of them has seen its end."""
    return one.receiver == other.receiver != "" and one.made_at == other.made_at and one.direct
