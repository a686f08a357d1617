"""A task that may be repeated, and is acknowledged before it runs all the same."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act, Option
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .hits import hit_at, hit_on

_RULE = "early-ack"


def check(project: Project) -> Iterator[Hit]:
    """Task classes, and the first task of each file, repeated after an error but not after the end of their worker."""
    if project.exchanges.late_acks is not None or any(_on(site) for site in project.sites if "lease" in site.options):
        return
    for declared in project.exchanges.declared:
        if "repeats" in declared.own and _is_lost(declared.options) and not _late_at_its_tasks(declared.name, project):
            names = {"task": f"`{declared.name}`"}
            yield hit_on(_RULE, declared.place, declared.function, project, subject=declared.name, names=names)
    told: set[str] = set()
    for site in project.sites:
        path = site.place.path
        if Act.CONSUMER in site.acts and site.direct and path not in told and _is_lost(site.options):
            told.add(path)
            names = {"task": f"the task of `{site.call}`"}
            yield hit_at(_RULE, site, project, names=names, effects=frozenset({Act.CONSUMER}), severity="note")


def _late_at_its_tasks(name: str, project: Project) -> bool:
    """Whether every task that names a class says itself when it is acknowledged."""
    tasks = [site.options for site in project.sites if Act.CONSUMER in site.acts and name in site.uses]
    return bool(tasks) and all(
        late is not None and late.state != "absent" for late in (one.get("late-ack") for one in tasks)
    )


def _is_lost(options: dict[str, Option]) -> bool:
    repeats, late = options.get("repeats"), options.get("late-ack")
    return repeats is not None and repeats.state == "given" and late is not None and late.state == "absent"


def _on(site: Site) -> bool:
    """Whether the settings of the whole application ask for late acknowledgement, or may."""
    late = site.options.get("late-ack")
    return late is not None and (not late.values or any(bool(value) for value in late.values))
