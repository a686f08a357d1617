"""A remote call whose effective time limit is none, and nobody wrote that down."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..findings import Hit, Step
from ..libraries import REMOTE, Effect
from ..project import Project, Site, Unset
from ..source import Place
from .edits import time_limit
from .hits import hit_at, hit_on

_AT_HAND = frozenset({"command", "program", "start-up"})
"""Entries at which somebody sits who sees a program hang, and ends it."""


_MANY = 4
"""Callers without a limit from which on the wrapper is to blame."""
_SHOWN = 5


def check(project: Project) -> Iterator[Hit]:
    """Calls and clients that leave a remote call without a limit, and callers of wrappers, or the wrapper of many."""
    due = [site for site in project.sites if _is_due(site, project)]
    inside = {site.place: site for site in project.sites if site.direct}
    careless = {place: sites for place, sites in _careless_callers(due).items() if place in inside}
    for site in due:
        if _wrapped_at(site) not in careless:
            yield _hit(site, project)
    for place, callers in careless.items():
        yield _hit_in_wrapper(inside[place], callers, project)
    for unset in project.unset:
        yield hit_on(
            "missing-timeout",
            unset.place,
            unset.function,
            project,
            subject=unset.name,
            names=_unread(unset) if unset.unread else _never_set(unset),
            severity="warning",
        )


def _is_due(site: Site, project: Project) -> bool:
    limit = site.limit
    if limit is None or limit.state != "unbounded" or limit.on_purpose or limit.connect_only:
        return False
    if site.unheard and site.context.in_handler:
        return False  # what cleans up after a failure is not the work that the limit is for
    if limit.how == "client" and not site.is_client:
        return False
    entry = project.reached_by.get(site.function)
    if entry is not None and entry.limit:
        return False  # the worker itself ends the job
    if Effect.PROCESS in site.effects and entry is not None and entry.kind in _AT_HAND:
        return False
    return (site.remote or site.is_client) and not site.waits_for_us


def _careless_callers(due: list[Site]) -> dict[Place, list[Site]]:
    """The callers of each wrapper that many give no limit, by the call that the wrapper makes."""
    found: dict[Place, list[Site]] = {}
    for site in due:
        place = _wrapped_at(site)
        if place is not None:
            found.setdefault(place, []).append(site)
    return {place: sites for place, sites in found.items() if len(sites) >= _MANY}


def _wrapped_at(site: Site) -> Place | None:
    """Where the wrapper that takes the limit from this call makes its own."""
    trail = site.way(REMOTE).trail
    by_caller = site.limit is not None and site.limit.how == "caller" and not site.direct
    return trail[-1].place if by_caller and trail else None


def _hit(site: Site, project: Project) -> Hit:
    limit = site.limit
    hit = hit_at(
        "missing-timeout",
        site,
        project,
        severity="warning" if Effect.PROCESS in site.effects else None,
        confidence=None if limit is not None and limit.certain and site.certain else "medium",
        edit=time_limit(project, site),
    )
    return hit if site.mend_at is None else replace(hit, place=site.mend_at)


def _hit_in_wrapper(inner: Site, callers: list[Site], project: Project) -> Hit:
    """One for all callers: nobody mends them one by one."""
    hit = hit_at(
        "missing-timeout",
        inner,
        project,
        names={"because": f"{len(callers)} calls end here and give it no limit"},
        severity="warning" if Effect.PROCESS in inner.effects else None,
        confidence=None if all(site.certain for site in callers) else "medium",
    )
    return replace(hit, trail=tuple(Step(site.place, "gives no limit") for site in callers[:_SHOWN]))


def _never_set(unset: Unset) -> dict[str, str]:
    return {"because": f"no setting gives it `{unset.limit}`", "mend": f"`{unset.limit} = 10`"}


def _unread(unset: Unset) -> dict[str, str]:
    because = f"its library never reads the `{unset.limit}` that is set on it"
    return {"because": because, "mend": f"`{unset.limit}=10` in each call on it"}
