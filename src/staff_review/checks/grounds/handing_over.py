"""What the rules about messages share: the calls of one function in order, what announces, what is work."""

from __future__ import annotations

from ...nouns.acts import Act
from ...nouns.functions import FunctionRef
from ...nouns.libraries import Effect
from ...nouns.project import Project
from ...nouns.site import Region, Site

ANNOUNCING = frozenset({Act.PUBLISH, Act.ENQUEUE, Act.BROADCAST})
"""Acts that tell others about something."""
LASTING = frozenset({Act.WRITE, Act.COMMIT, Act.PUBLISH, Act.ENQUEUE, Act.CHARGE, Act.NOTIFY})
"""Acts whose loss somebody will notice."""
_WORKING = frozenset({Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD})
_HANDLING = frozenset({Act.ACKNOWLEDGE, Act.REJECT, Act.CONSUME, Act.CONSUMER, Act.DECLARE_QUEUE, Act.ROLLBACK})
_READING = ("GET", "HEAD", "OPTIONS")


def by_function(project: Project) -> dict[FunctionRef, list[Site]]:
    """The calls of each function, in order."""
    found: dict[FunctionRef, list[Site]] = {}
    for site in project.sites:
        found.setdefault(site.function, []).append(site)
    return found


def works(site: Site) -> bool:
    """Whether a call changes something outside, or may."""
    if not site.acts.isdisjoint(LASTING):
        return True
    if not site.acts.isdisjoint(_HANDLING) or site.verb in _READING or Act.READ in site.acts:
        return False
    return not site.effects.isdisjoint(_WORKING)


def same_round(one: Site, other: Site) -> bool:
    """Whether both run in one and the same round of the loop around the first, if there is one."""
    loops = one.context.loops
    return not loops or loops[0].place in [loop.place for loop in other.context.loops]


def open_transaction(site: Site) -> Region | None:
    """The database transaction that a call stands in."""
    return next((region for region in site.context.regions if region.kind == "transaction"), None)


def is_set(site: Site, option: str, *values: object) -> bool:
    """Whether an option certainly is one of these values."""
    said = site.options.get(option)
    return said is not None and bool(said.values) and all(value in values for value in said.values)
