"""As many remote calls at once as there are items."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import FanOut, Project
from .grounds.stand_ins import stands_in
from .grounds.starting import serves_nobody
from .hits import hit_on

_POOLED = frozenset({Effect.DATABASE, Effect.CACHE})


def check(project: Project) -> Iterator[Hit]:
    """Fan-outs of remote work over a collection with nothing to hold them back."""
    for fan_out in project.fan_outs:
        if fan_out.each and not fan_out.held_back and not fan_out.few:
            yield hit_on(
                "unbounded-gather",
                fan_out.place,
                fan_out.function,
                project,
                subject=fan_out.call,
                names={"over": fan_out.over, "each": fan_out.each[0].call, "operation": fan_out.each[0].operation},
                confidence=None if _is_sure(fan_out, project) else "low",
                trail=fan_out.each[0].ways[min(fan_out.each[0].ways)].trail if fan_out.each[0].ways else (),
            )


def _is_sure(fan_out: FanOut, project: Project) -> bool:
    """Whether what it runs over is known to grow, in the work of a service and for real.

    A store of our own is asked through a pool, which lets so many wait and no more through.
    """
    if all(site.effects & REMOTE <= _POOLED for site in fan_out.each):
        return False
    if serves_nobody(project, fan_out.function) or fan_out.each[0].context.in_handler:
        return False
    return fan_out.grows and not stands_in(fan_out.function) and not stands_in(fan_out.each[0].call)
