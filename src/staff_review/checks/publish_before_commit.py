"""A message or task that is sent while the change it speaks of is not committed yet."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.exchanges import ChangeHandler
from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.site import Site
from ..nouns.source import Place
from .grounds.edits import after_commit
from .grounds.handing_over import ANNOUNCING, by_function, open_transaction
from .hits import hit_at

_NEAR = 3
"""Calls to the one that tells others, up to which it is sure to be reached; further on, conditions add up."""


def check(project: Project) -> Iterator[Hit]:
    """Publishing before a commit, told nearest to the sending: put off there, it waits for all that is open around."""
    hits = list(_hits(project))
    sure = {site.place for site, hit in hits if hit.confidence != "low"}
    for site, hit in hits:
        if sure.isdisjoint(step.place for step in site.way(ANNOUNCING).trail if step.place != site.place):
            yield hit


def _hits(project: Project) -> Iterator[tuple[Site, Hit]]:
    """Publishing inside an open transaction, for a change that is told of (once), or between a write and its commit."""
    told = {one.function: one for one in sorted(project.exchanges.change_handlers, key=lambda one: one.within)}
    inside = {site.place: site for site in project.sites if site.direct}
    for function, sites in by_function(project).items():
        for site in sites:
            if not announces(site) or _waits(site, sites):
                continue
            region = open_transaction(site)
            if region is not None:
                before, confidence = f"`{region.name}` commits", _confidence(site, sites)
            else:
                before, confidence = _change(told.pop(function, None))
            before = before or _uncommitted(site, sites) or _request(project, site, sites)
            perhaps, far = _is_conditional(site, inside), len(site.way(ANNOUNCING).trail) > _NEAR
            if before:
                because = "" if site.direct else f"; it ends in `{site.way(ANNOUNCING).operation}`"
                yield (
                    site,
                    hit_at(
                        "publish-before-commit",
                        site,
                        project,
                        confidence=confidence or ("medium" if perhaps or far else None),
                        severity="warning" if perhaps or (region is None and confidence is not None) else None,
                        names={"before": before, "because": because},
                        effects=ANNOUNCING,
                        edit=after_commit(project, site, region.place) if region is not None else None,
                    ),
                )


def _waits(site: Site, sites: list[Site]) -> bool:
    """Whether a message waits for its turn, or speaks of what was there when its function began."""
    return site.offloaded or site.scheduled or _waits_otherwise(site, sites) or _is_itself(site)


def _is_conditional(site: Site, inside: dict[Place, Site]) -> bool:
    """Whether a helper tells others on a condition of its own, which may not hold for this call."""
    trail = site.way(ANNOUNCING).trail
    end = inside.get(trail[-1].place) if trail and not site.direct else None
    return end is not None and bool(end.context.branches)


def _change(handler: ChangeHandler | None) -> tuple[str, Confidence | None]:
    """The commit of the change that a function is told of, and how sure it is that it is still to come."""
    if handler is None:
        return "", None
    before = f"the change that `{handler.event}` tells of is committed"
    return (before, None) if handler.within else (f"{before}, wherever a transaction is open around it", "medium")


def _request(project: Project, site: Site, sites: list[Site]) -> str:
    """The transaction of the whole request, where the settings open one and something was written in it before."""
    entry = project.serves(site.function)
    if project.exchanges.whole_requests is None or entry is None or entry.kind != "request":
        return ""
    written = any(Act.WRITE in one.acts and (one == site or one.before(site)) for one in sites)
    return "the transaction of the whole request commits" if written else ""


def _confidence(site: Site, sites: list[Site]) -> Confidence | None:
    """Less where nothing is seen to be written before it; least where it speaks of rows that were found, one by one."""
    if any(Act.WRITE in one.acts and (one == site or one.before(site)) for one in sites):
        return None
    return "low" if any(not loop.names.isdisjoint(site.uses) for loop in site.context.loops) else "medium"


def announces(site: Site) -> bool:
    """Whether telling others is all that a call does beside the database."""
    away = site.effects & REMOTE - {Effect.DATABASE, Effect.CACHE, Effect.QUEUE}
    return not site.acts.isdisjoint(ANNOUNCING) and not away


def _waits_otherwise(site: Site, sites: list[Site]) -> bool:
    """Whether the other side of a choice leaves the same to the commit: the function knows which of them is due."""
    return any(Act.AFTER_COMMIT in one.acts and not one.before(site) and not site.before(one) for one in sites)


def _is_itself(site: Site) -> bool:
    """Whether a task sends itself again: what it speaks of was there when it began."""
    return site.call.split(".")[-2:-1] == [site.function.qualified.rpartition(".")[2]]


def _uncommitted(site: Site, sites: list[Site]) -> str:
    """The commit still to come of what was written before a call; "" when there is none."""
    for commit in sites:
        if Act.COMMIT not in commit.acts or not commit.direct or not commit.receiver or not site.before(commit):
            continue
        written = [one for one in sites if _writes(one, commit) and (one == site or one.before(site))]
        done = [one for one in sites if Act.COMMIT in one.acts and one.before(site) and _is_of(one, commit)]
        if any(not any(write.before(one) for one in done) for write in written):
            return f"`{commit.call}`"
    return ""


def _writes(site: Site, commit: Site) -> bool:
    return Act.WRITE in site.acts and Act.COMMIT not in site.acts and _is_of(site, commit)


def _is_of(site: Site, commit: Site) -> bool:
    """Whether a call is made on the session of a commit, or is a helper that is given it."""
    return (
        site.receiver == commit.receiver if site.direct else commit.receiver.partition(".")[0] in site.uses - {"self"}
    )
