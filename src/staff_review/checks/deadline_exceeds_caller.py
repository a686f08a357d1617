"""A call that may take longer than those who wait for it will wait."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.entries import EntryRef
from ..nouns.findings import Hit
from ..nouns.project import Limit, Project, Retry, Site
from ..nouns.source import Place
from .hits import hit_at


def check(project: Project) -> Iterator[Hit]:
    """Calls whose own limit is above that of the block around them, or with all attempts above that of the task."""
    retries: dict[Place, Retry] = {site.place: retry for retry in project.retries for site in retry.covers}
    for site in project.sites:
        limit = site.limit
        if limit is None or not site.direct or limit.state != "bounded":
            continue
        found = _inside(limit) or _in_task(site, limit, retries.get(site.place), project)
        if found is not None:
            yield hit_at("deadline-exceeds-caller", site, project, names=found)


def _inside(limit: Limit) -> dict[str, str] | None:
    """A call that asks for more than the block around it grants; repeating it within the block is fine."""
    if limit.how != "enclosing" or limit.inner is None or limit.seconds is None or limit.inner <= limit.seconds:
        return None
    around = limit.because.removeprefix("bounded by ")
    return {"seconds": f"{limit.inner:g}", "times": "", "outer": f"{limit.seconds:g}", "around": around}


def _in_task(site: Site, limit: Limit, retry: Retry | None, project: Project) -> dict[str, str] | None:
    """A call that is still waiting, in its last attempt, when the framework ends the work without asking."""
    entry = project.reached_by.get(site.function)
    if entry is None or not entry.limit.endswith("s") or limit.how == "default" or limit.seconds is None:
        return None
    attempts = (retry.attempts or 1) if retry is not None and not _is_of_entry(retry, entry) else 1
    if limit.seconds * attempts <= float(entry.limit[:-1]):
        return None
    times = f" in each of {attempts} attempts" if attempts > 1 else ""
    around = f"the {entry.kind} `{entry.name}`"
    return {"seconds": f"{limit.seconds:g}", "times": times, "outer": entry.limit[:-1], "around": around}


def _is_of_entry(retry: Retry, entry: EntryRef) -> bool:
    """Whether the whole work is started anew for each attempt, with its whole limit."""
    return retry.decorates and retry.function == entry.function
