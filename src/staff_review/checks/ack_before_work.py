"""A message that is acknowledged before the work on it is done."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import by_function, same_round, works
from .hits import hit_at

_ACKNOWLEDGING = frozenset({Act.ACKNOWLEDGE})


def check(project: Project) -> Iterator[Hit]:
    """Acknowledging first and working afterwards, in one round of one function."""
    for sites in by_function(project).values():
        for ack in sites:
            if Act.ACKNOWLEDGE not in ack.acts or ack.context.in_handler or works(ack) or _apart(ack):
                continue
            same = [site for site in sites if same_round(ack, site)]
            work = next((site for site in same if ack.before(site) and _is_work(site)), None)
            if work is not None and not any(works(site) and site.before(ack) for site in same):
                names = {"work": work.call}
                yield hit_at("ack-before-work", ack, project, names=names, effects=_ACKNOWLEDGING)


def _apart(ack: Site) -> bool:
    """Whether it happens in another task, or deep below: then it belongs to a round of its own.

    What hands a message over settles only those that it keeps back.
    """
    hands_over = not ack.direct and bool(ack.gives)
    return ack.scheduled or ack.offloaded or hands_over or len(ack.way(_ACKNOWLEDGING).trail) > 1


def _is_work(site: Site) -> bool:
    """Work that goes on after a call, also in a thread or task that it starts."""
    return (works(site) or Act.SPAWN in site.acts) and not site.context.in_handler
