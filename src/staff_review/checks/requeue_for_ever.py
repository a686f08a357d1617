"""A failed message that goes back to the queue, and fails again."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at

_BACK = frozenset({Act.REJECT})


def check(project: Project) -> Iterator[Hit]:
    """Giving a message back after every kind of error, where nothing counts how often."""
    if any(
        "delivery-limit" in site.options and site.options["delivery-limit"].state != "absent"
        for site in _queues(project)
    ):
        return
    refusals = {refusal.place: refusal for refusal in project.exchanges.refusals}
    for site in project.sites:
        refusal = refusals.get(site.place)
        if refusal is not None and refusal.broad and not refusal.chosen and is_set(site, "requeue", True):
            yield hit_at("requeue-for-ever", site, project, effects=_BACK)


def _queues(project: Project) -> list[Site]:
    return [site for site in project.sites if Act.DECLARE_QUEUE in site.acts]
