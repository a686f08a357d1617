"""A lease on a message that ends before the work on it may end."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.site import Site
from .grounds.handing_over import is_set
from .hits import hit_at

_RULE = "lease-shorter-than-work"


def check(project: Project) -> Iterator[Hit]:
    """Tasks acknowledged late that may run, or messages that may be held back, longer than the broker waits."""
    makers = [site for site in project.sites if Act.CONSUMER in site.acts and site.direct]
    leases = {seconds for site in makers if (seconds := _seconds(site, "lease")) is not None}
    if len(leases) != 1:
        return
    lease = min(leases)
    late = any(is_set(site, "late-ack", True) for site in makers if "lease" in site.options)
    for site in makers:
        work = _seconds(site, "time-limit")
        if (
            work is not None
            and work > lease
            and (is_set(site, "late-ack", True) or (late and not is_set(site, "late-ack", False)))
        ):
            yield hit_at(_RULE, site, project, names=_names(lease, f"may run {work:g} s"))
    for site in project.sites:
        delay = _seconds(site, "delay") if Act.ENQUEUE in site.acts else None
        if delay is not None and delay > lease:
            yield hit_at(_RULE, site, project, names=_names(lease, f"is held back for {delay:g} s"))


def _names(lease: float, work: str) -> dict[str, str]:
    return {"lease": f"{lease:g} s", "work": work}


def _seconds(site: Site, option: str) -> float | None:
    """The one number that an option certainly is."""
    said = site.options.get(option)
    numbers = [value for value in said.values if isinstance(value, (int, float))] if said is not None else []
    return float(numbers[0]) if said is not None and len(numbers) == len(said.values) == 1 else None
