"""A retry that keeps a transaction or a lock while it waits for better luck."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Region, Retry
from .grounds.wording import covered
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work inside an open transaction or a held lock of the same function."""
    for retry in project.retries:
        held = None if retry.on_client else _held(retry)
        if held is not None and retry.delay != "none":
            yield hit_on(
                "retry-while-holding",
                retry.place,
                retry.function,
                project,
                subject=retry.name,
                names={"name": retry.name, "covers": covered(retry), "held": held.name, "kind": held.kind},
            )


def _held(retry: Retry) -> Region | None:
    """What is open before the first attempt and still open at the last."""
    for site in retry.covers:
        for region in site.context.regions:
            around = region.place.span < retry.place.span and retry.place.span.line <= region.place.span.end_line
            before = region.decorates or around
            here = site.function == retry.function and not retry.decorates
            if region.kind in ("transaction", "lock") and before and here:
                return region
    return None
