"""A retry around a breaker that also repeats the breaker's own refusal."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Region
from ..nouns.source import Place
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """A retry of every error with a breaker directly inside it."""
    choosing = {retry.place: retry for retry in project.retries}
    seen: set[Place] = set()
    for site in project.sites:
        pair = _pair(site.context.regions)
        if pair is None or pair[0].place in seen:
            continue
        outer, inner = pair
        retry = choosing.get(outer.place)
        if retry is None or retry.on != "any":
            continue
        seen.add(outer.place)
        yield hit_on(
            "retry-outside-breaker",
            outer.place,
            site.function,
            project,
            subject=outer.name,
            names={"retry": outer.name, "breaker": inner.name},
        )


def _pair(regions: tuple[Region, ...]) -> tuple[Region, Region] | None:
    """The nearest breaker and the retry around it; regions are innermost first."""
    for number, region in enumerate(regions):
        if region.kind == "breaker":
            outer = next((one for one in regions[number + 1 :] if one.kind == "retry"), None)
            return (outer, region) if outer is not None else None
    return None
