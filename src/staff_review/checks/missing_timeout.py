"""A remote call whose effective time limit is none, and nobody wrote that down."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Site
from ..nouns.source import Place
from .grounds.edits import time_limit
from .grounds.starting import serves_nobody
from .hits import hit_at, hit_on


def check(project: Project) -> Iterator[Hit]:
    """Calls, clients and callers of wrappers that leave a remote call without a limit."""
    endless = [site for site in project.sites if _is_endless(project, site)]
    for site in (*_once_a_client(endless, project), *(site for site in endless if not _held(site))):
        hit = hit_at(
            "missing-timeout",
            site,
            project,
            severity="warning" if _is_borne(project, site) or _may_be_ended(project, site) else None,
            confidence=None if _is_sure(project, site) else "medium",
            edit=time_limit(project, site),
        )
        yield hit if site.mend_at is None else replace(hit, place=site.mend_at)
    for unset in project.unset:
        yield hit_on(
            "missing-timeout",
            unset.place,
            unset.function,
            project,
            subject=unset.name,
            names={"call": unset.name if unset.unread else unset.call, "name": unset.name, "limit": unset.limit},
            clauses={"because": "unread", "mend": "in-each-call"}
            if unset.unread
            else {"because": "never-set", "mend": "set-it"},
            severity="warning",
        )


def _is_sure(project: Project, site: Site) -> bool:
    """Whether nothing unseen may end it."""
    return site.limit is not None and site.limit.certain and site.certain and not _may_be_ended(project, site)


def _may_be_ended(project: Project, site: Site) -> bool:
    """Whether no way to it is known, and the settings end every task: one of these may be what leads here."""
    return project.exchanges.task_limits is not None and site.function not in project.reached_by


def _is_borne(project: Project, site: Site) -> bool:
    """Whether it does less harm: a program that is waited for, a peer on the same machine, a person who looks on."""
    return Effect.PROCESS in site.effects or site.place in project.at_hand or site.function in project.watched


def _held(site: Site) -> bool:
    """Whether only the client can be given the limit of a call: one line mends all calls on it."""
    return site.limit is not None and site.limit.by_default and not site.is_client


def _once_a_client(endless: list[Site], project: Project) -> Iterator[Site]:
    """The first call on each client after it is made, but for those that read what is there already."""
    ready = [site for site in project.sites if site.direct and Act.AWAIT_READY in site.acts]
    calls: dict[tuple[Place | None, str, str, str], list[Site]] = {}
    for site in endless:
        if _held(site) and not any(wait.before(site) for wait in ready):
            kept = "." in site.receiver  # on an object, for all its methods
            owner = site.function.qualified.rpartition(".")[0] if kept else site.function.qualified
            calls.setdefault((site.made_at, site.place.path, site.receiver, owner), []).append(site)
    for (made_at, path, *_), sites in calls.items():
        made = made_at.span if made_at is not None and made_at.path == path else None
        yield min(sites, key=lambda site: (made is not None and site.place.span < made, site.place.span))


def _is_endless(project: Project, site: Site) -> bool:
    """Whether a call that waits for a peer, or the client that it goes through, has no limit, and nobody wrote that."""
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
    if Effect.PROCESS in site.effects and serves_nobody(project, site.function):
        return False  # somebody sees a program hang, and ends it
    return (site.remote or site.is_client) and not site.waits_for_us
