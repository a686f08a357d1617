"""A consumer that does what cannot be taken back, each time a message arrives."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import by_function
from .hits import hit_at

_ONCE = frozenset({Act.NOTIFY, Act.CHARGE})
_ASKING = frozenset({Act.READ, Act.CACHE_READ, Act.CACHE_WRITE, Act.LOCK, Act.WRITE})


def check(project: Project) -> Iterator[Hit]:
    """Mail, messages to people and charges in a handler of messages, where nothing asks whether it was done before."""
    for function, sites in by_function(project).items():
        entry = project.serves(function)
        if entry is None or entry.kind != "message" or entry.function != function:
            continue
        for site in sites:
            if site.acts.isdisjoint(_ONCE) or site.context.in_handler or _has_key(site):
                continue
            if not any(not other.acts.isdisjoint(_ASKING) and other.before(site) for other in sites):
                yield hit_at("non-idempotent-consumer", site, project, effects=_ONCE)


def _has_key(site: Site) -> bool:
    option = site.options.get("idempotency-key")
    return option is not None and option.state != "absent"
