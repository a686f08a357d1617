"""A remote call whose effective time limit is none, and nobody wrote that down."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import FunctionRef, Project, Site, Unset
from ..nouns.source import Place
from .edits import time_limit
from .hits import hit_at, hit_on
from .starting import serves_nobody


def check(project: Project) -> Iterator[Hit]:
    """Calls, clients and callers of wrappers that leave a remote call without a limit."""
    told: set[tuple[Place | None, FunctionRef]] = set()
    ready = [site for site in project.sites if site.direct and Act.AWAIT_READY in site.acts]
    for site in project.sites:
        if not _is_endless(project, site):
            continue
        if site.limit is not None and site.limit.by_default and not site.is_client:
            one = (site.made_at, site.function)
            if one in told or any(wait.before(site) for wait in ready):
                continue  # one limit of its client mends them all; or it reads what is there already
            told.add(one)
        hit = hit_at(
            "missing-timeout",
            site,
            project,
            severity="warning" if Effect.PROCESS in site.effects or site.function in project.watched else None,
            confidence=None if site.limit is not None and site.limit.certain and site.certain else "medium",
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
            names=_unread(unset) if unset.unread else _never_set(unset),
            severity="warning",
        )


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


def _never_set(unset: Unset) -> dict[str, str]:
    because = f"`{unset.name}` is set, and `{unset.limit}` is not"
    return {"call": unset.call, "because": because, "mend": f"`{unset.limit} = 10`"}


def _unread(unset: Unset) -> dict[str, str]:
    because = f"its library never reads the `{unset.limit}` that is set on it"
    return {"because": because, "mend": f"`{unset.limit}=10` in each call on it"}
