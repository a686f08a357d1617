"""A consumer whose offsets are committed by a clock, also for messages that are still worked on."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act, Option
from ..nouns.exchanges import Delivery
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import by_function, works
from .hits import hit_at, hit_on

_RULE = "auto-commit-before-work"
_OFF = (False, "false", "False", "FALSE", 0, "0")


def check(project: Project) -> Iterator[Hit]:
    """Loops over messages, and polls, of a consumer that commits by itself, with work that a crash would lose."""
    sites_of = by_function(project)
    for delivery in project.exchanges.deliveries:
        sites = [site for site in sites_of.get(delivery.function, []) if _inside(site, delivery)]
        work = _lost(delivery.options, sites)
        if work is not None:
            names = {"work": work.call, "how": _how(work)}
            subject = delivery.consumer
            yield hit_on(_RULE, delivery.place, delivery.function, project, subject=subject, names=names)
    for sites in sites_of.values():
        for poll in sites:
            if Act.CONSUME in poll.acts and "auto-commit" in poll.made_with:
                work = _lost(poll.made_with, [site for site in sites if _after(site, poll)])
                if work is not None:
                    names = {"work": work.call, "how": _how(work)}
                    yield hit_at(_RULE, poll, project, names=names, effects=frozenset({Act.CONSUME}))


def _lost(options: dict[str, Option], sites: list[Site]) -> Site | None:
    """The work that a crash would lose: any where commits run ahead, else what other threads and tasks do."""
    if not _on(options.get("auto-commit")) or _off(options.get("auto-store")):
        return None
    group = options.get("group")
    if group is None or group.state != "given" or any(Act.ACKNOWLEDGE in site.acts for site in sites):
        return None
    ahead = _on(options.get("commits-ahead"))
    return next((site for site in sites if works(site) and (ahead or _elsewhere(site))), None)


def _elsewhere(site: Site) -> bool:
    """Whether another thread or task does it, and nobody here waits for that."""
    return (site.offloaded or site.scheduled) and not site.awaited


def _inside(site: Site, delivery: Delivery) -> bool:
    return any(loop.place == delivery.place for loop in site.context.loops) and not site.context.in_handler


def _after(site: Site, poll: Site) -> bool:
    """Whether a call works on what a poll of the same loop gave."""
    loops = poll.context.loops
    return (
        bool(loops)
        and poll.before(site)
        and loops[0].place in [loop.place for loop in site.context.loops]
        and not site.context.in_handler
    )


def _on(option: Option | None) -> bool:
    return option is not None and bool(option.values) and all(value not in _OFF for value in option.values)


def _off(option: Option | None) -> bool:
    """Whether it is switched off, or may be."""
    return option is not None and (not option.values or any(value in _OFF for value in option.values))


def _how(work: Site) -> str:
    return " in another thread or task" if _elsewhere(work) else ""
