"""A consumer whose messages count as done the moment they leave the broker."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at

_OF_ONE = ("", "amq.rabbitmq.reply-to")
"""Names of queues that live and die with one connection."""


def check(project: Project) -> Iterator[Hit]:
    """Consumers that acknowledge by themselves, on queues that outlive them."""
    own = [site for site in project.sites if Act.DECLARE_QUEUE in site.acts and _is_own(site)]
    for site in project.sites:
        if Act.CONSUME not in site.acts or not site.direct:
            continue
        if (is_set(site, "auto-ack", True) or is_set(site, "ack-mode", "auto")) and not _of_one(site, own):
            yield hit_at("auto-ack", site, project, effects=frozenset({Act.CONSUME}))


def _is_own(site: Site) -> bool:
    return is_set(site, "exclusive", True) or is_set(site, "queue", *_OF_ONE)


def _of_one(site: Site, own: list[Site]) -> bool:
    """Whether the queue is for this connection alone, so that it holds nothing after a crash anyway."""
    if is_set(site, "exclusive", True) or is_set(site, "queue", *_OF_ONE):
        return True
    queue = site.options.get("queue")
    named = queue is not None and bool(queue.values)
    return any(
        one.place.path == site.place.path and (not named or not one.gives.isdisjoint(site.uses - {"self"}))
        for one in own
    )
