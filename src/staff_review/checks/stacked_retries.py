"""Retries inside retries: attempts multiply."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit, Step
from ..nouns.project import Project, Retry, Site
from ..nouns.source import Place
from .grounds.waits import may_mean_to_wait
from .hits import hit_on

_USUAL = 3
"""Attempts that are assumed of a layer whose number is not written."""
_WIDE = frozenset({"builtins.Exception", "builtins.BaseException", "builtins.OSError", "builtins.IOError"})
"""Errors from which those of many libraries are derived."""


def check(project: Project) -> Iterator[Hit]:
    """Each outermost retry whose calls are repeated by another layer below, with all layers named."""
    covering = _covering(project)
    by_place = {site.place: site for site in project.sites if site.direct}
    for outer in project.retries:
        waits = outer.joins or outer.probes or (outer.bounded == "no" and may_mean_to_wait(project, outer))
        told = not outer.on_client and outer.on != "unknown" and not waits
        for site in outer.covers if told else ():
            inner = _inner(outer, site, covering)
            last = _last(site, by_place)
            own = last.own_retry if last is not None else None
            if inner is None and (own is None or own.set_at is None):
                continue
            layers = [(outer.attempts, f"`{outer.name}`", outer.place)]
            if inner is not None:
                layers.append((inner.attempts, f"`{inner.name}`", inner.place))
            if own is not None and own.set_at is not None:
                layers.append((own.more + 1, f"`{own.name}`", own.set_at))
            if any(attempts is not None for attempts, _, _ in layers):
                yield _told(project, outer, site, layers)
                break


def _told(project: Project, outer: Retry, site: Site, layers: list[tuple[int | None, str, Place]]) -> Hit:
    product = 1
    for attempts, _, _ in layers:
        product *= attempts or _USUAL
    known = all(attempts is not None for attempts, _, _ in layers)
    return hit_on(
        "stacked-retries",
        outer.place,
        outer.function,
        project,
        subject=outer.name,
        names={
            "call": site.call,
            "attempts": f"up to {product}" if known else "many more",
            "layers": ", then ".join(name for _, name, _ in layers),
            "times": " x ".join(str(attempts or "?") for attempts, _, _ in layers),
        },
        trail=(
            *(
                Step(place, f"{name} tries {attempts or 'an unknown number of'} times")
                for attempts, name, place in layers
            ),
            Step(site.place, f"calls `{site.call}`"),
            *site.way(site.effects).trail,
        ),
        confidence="low" if not known else None if outer.certain else "medium",
    )


def _covering(project: Project) -> dict[Place, list[Retry]]:
    found: dict[Place, list[Retry]] = {}
    for retry in project.retries:
        for site in retry.covers:
            found.setdefault(site.place, []).append(retry)
    return found


def _inner(outer: Retry, site: Site, covering: dict[Place, list[Retry]]) -> Retry | None:
    """Another retry that repeats a call on the way from the outer one to the operation."""
    places = [site.place, *(step.place for step in site.way(site.effects).trail)]
    for place in places:
        for retry in covering.get(place, ()):
            looks_at_answers = retry.on == "unknown" and not retry.by_hand
            if retry.place == outer.place or retry.on_client or looks_at_answers or _differ(retry, outer):
                continue
            if not _is_around(retry, outer, site):
                return retry
    return None


def _differ(one: Retry, other: Retry) -> bool:
    """Whether one failure sets off only one of two retries: their errors are of different libraries, or not known."""
    if "any" in (one.on, other.on) or not _WIDE.isdisjoint((*one.catches, *other.catches)):
        return False
    ours, theirs = ({name.partition(".")[0] for name in retry.catches} for retry in (one, other))
    return not ours or not theirs or ours.isdisjoint(theirs)


def _is_around(one: Retry, other: Retry, site: Site) -> bool:
    """Whether the first stands outside the second: then the first tells it."""
    if one.function == other.function:
        return (one.queued and other.queued) or one.place.span < other.place.span  # a task steps back at one place only
    return other.function == site.function and any(covered.place == site.place for covered in one.covers)


def _last(site: Site, by_place: dict[Place, Site]) -> Site | None:
    if site.direct:
        return site
    trail = site.way(site.effects).trail
    return by_place.get(trail[-1].place) if trail else None
