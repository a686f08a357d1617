"""A remote call whose effective time limit is none, and nobody wrote that down."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Unset
from .edits import time_limit
from .hits import hit_at, hit_on
from .starting import serves_nobody


def check(project: Project) -> Iterator[Hit]:
    """Calls, clients and callers of wrappers that leave a remote call without a limit."""
    for site in project.sites:
        limit = site.limit
        if limit is None or limit.state != "unbounded" or limit.on_purpose or limit.connect_only:
            continue
        if site.unheard and site.context.in_handler:
            continue  # what cleans up after a failure is not the work that the limit is for
        if limit.how == "client" and not site.is_client:
            continue
        entry = project.reached_by.get(site.function)
        if entry is not None and entry.limit:
            continue  # the worker itself ends the job
        if Effect.PROCESS in site.effects and serves_nobody(project, site.function):
            continue  # somebody sees a program hang, and ends it
        if (site.remote or site.is_client) and not site.waits_for_us:
            hit = hit_at(
                "missing-timeout",
                site,
                project,
                severity="warning" if Effect.PROCESS in site.effects else None,
                confidence=None if limit.certain and site.certain else "medium",
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


def _never_set(unset: Unset) -> dict[str, str]:
    because = f"`{unset.name}` is set, and `{unset.limit}` is not"
    return {"call": unset.call, "because": because, "mend": f"`{unset.limit} = 10`"}


def _unread(unset: Unset) -> dict[str, str]:
    because = f"its library never reads the `{unset.limit}` that is set on it"
    return {"because": because, "mend": f"`{unset.limit}=10` in each call on it"}
