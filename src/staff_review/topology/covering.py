"""What a mesh or gateway does for the calls that go through it, given back to the program: limits, repeats, breaks."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ..nouns.journeys import Policy
from ..nouns.project import Project
from ..nouns.site import Limit, OwnRetry, Region, Site
from ..nouns.source import Place
from ..nouns.system import System


def covered(project: Project, system: System) -> Project:
    """The program whose calls have what stands between them and every peer they may go to."""
    policies = _policies(system)
    if not policies:
        return project
    repeated = {site.place for retry in project.retries for site in retry.covers}
    calls = {
        site.place: _bounded(site, policies[site.place], repeated=site.place in repeated)
        for site in project.sites
        if site.place in policies
    }
    made = _clients(project.sites, calls)
    sites = tuple(calls.get(site.place) or made.get(site.place) or site for site in project.sites)
    return replace(project, sites=sites)


def _policies(system: System) -> dict[Place, Policy]:
    """By the place of a call, what every peer it may go to has: a limit outside of the code, the longest; a breaker."""
    found: dict[Place, list[Policy]] = {}
    for edge in system.edges:
        if edge.kind == "sync":
            for call in edge.calls:
                found.setdefault(call.place, []).append(call.policy)
    whole = {place: _of_all(policies) for place, policies in found.items()}
    return {place: one for place, one in whole.items() if one.by or one.breaker or _repeats(one)}


def _of_all(policies: list[Policy]) -> Policy:
    longest = max(policies, key=lambda one: one.seconds or 0.0)
    outside = all(one.by in ("mesh", "gateway") and one.state == "bounded" for one in policies)
    return replace(
        longest,
        by=longest.by if outside else "",
        breaker=all(one.breaker for one in policies),
        attempts=min(one.attempts or 1 for one in policies),
    )


def _repeats(policy: Policy) -> bool:
    return (policy.attempts or 1) > 1


def _bounded(site: Site, policy: Policy, *, repeated: bool) -> Site:
    """A call with what its policy has beyond the code; attempts that nothing in the code makes are the mesh's."""
    limit, context, own_retry = site.limit, site.context, site.own_retry
    if policy.by and site.direct:
        limit = _limit(policy)
    if policy.breaker and not any(region.kind == "breaker" for region in context.regions):
        region = Region("breaker", policy.set_at or site.place, "the mesh")
        context = replace(context, regions=(*context.regions, region))
    if own_retry is None and not repeated and policy.attempts is not None and _repeats(policy):
        own_retry = OwnRetry(policy.attempts - 1, policy.set_at, "the mesh")
    return replace(site, limit=limit, context=context, own_retry=own_retry)


def _limit(policy: Policy) -> Limit:
    where = "the service mesh" if policy.by == "mesh" else "the gateway in between"
    because = f"{where} ends it after {policy.seconds:g} s"
    return Limit("bounded", "mesh", because, policy.seconds, policy.set_at)


def _clients(sites: Iterable[Site], calls: dict[Place, Site]) -> dict[Place, Site]:
    """The makings of clients that lack a limit, where each call through them has one outside of the code."""
    sites = tuple(sites)
    through: dict[Place, list[Site]] = {}
    for site in sites:
        if site.made_at is not None and site.direct and site.remote:
            through.setdefault(site.made_at, []).append(calls.get(site.place, site))
    found: dict[Place, Site] = {}
    for site in sites:
        used = [one.limit for one in through.get(site.place, ()) if one.limit is not None]
        if site.is_client and used and all(limit.how == "mesh" for limit in used):
            found[site.place] = replace(site, limit=max(used, key=lambda one: one.seconds or 0.0))
    return found
