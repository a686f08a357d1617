"""A lock for several processes that outlives a holder which dies."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .grounds.keys import ends_later, is_said, key_of, never_ends
from .hits import hit_at

_NAMES = ("lock", "mutex", "leader", "semaphore")


def check(project: Project) -> Iterator[Hit]:
    """Locks of a library, and keys set only when new that are named as one, without an end."""
    for site in project.sites:
        if not site.direct or not never_ends(site.options.get("expiry")):
            continue
        if Act.LOCK in site.acts:
            held = _is_held(site, project)
        else:
            held = _is_lock_by_hand(site) and not ends_later(site, project)
        if held:
            yield hit_at("lock-without-expiry", site, project, effects=frozenset({Act.LOCK, Act.CACHE_WRITE}))


def _is_held(lock: Site, project: Project) -> bool:
    """Whether something is done under a lock: one that is only looked at, or given back at once, blocks nobody long."""
    inside = [site for site in project.sites if site.function == lock.function and site is not lock]
    own = [site for site in inside if site.receiver in lock.gives or _is_of(site, lock)]
    ends = [site for site in own if site.operation.endswith(".release")]
    if own and not any(site.operation.endswith(".acquire") for site in own):
        return False
    return not ends or any(lock.before(site) and site not in own and site.before(ends[-1]) for site in inside)


def _is_of(site: Site, lock: Site) -> bool:
    """Whether a call is made on the lock where it stands: ``client.lock(name).locked()``."""
    begins = site.place.span.line == lock.place.span.line and site.place.span.column == lock.place.span.column
    return begins and site.receiver.startswith(f"{lock.call}(")


def _is_lock_by_hand(site: Site) -> bool:
    if Act.CACHE_WRITE not in site.acts or not is_said(site.options.get("only-new")):
        return False
    function = site.function.qualified.rpartition(".")[2]
    named = " ".join((key_of(site), function, *site.uses, *site.gives)).lower()
    return any(word in named for word in _NAMES) and "block" not in named
