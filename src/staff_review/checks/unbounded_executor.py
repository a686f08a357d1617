"""As many threads or processes as there are requests or items."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act, Option
from ..nouns.findings import Hit
from ..nouns.project import Project, Site
from .grounds.rounds import over_items
from .hits import hit_at

_NEAR = 2
"""Steps from the entry point; what starts further down is mostly a worker that is started once."""


def check(project: Project) -> Iterator[Hit]:
    """Threads and processes started for requests or messages, and pools as wide as the data."""
    for site in project.sites:
        entry = project.serves(site.function)
        if (
            entry is None
            or entry.kind == "task"
            or not site.direct
            or len(project.paths.get(site.function, ())) > _NEAR
        ):
            continue
        what = _what(site) if site.direct and not site.context.in_handler else ""
        if what:
            yield hit_at(
                "unbounded-executor", site, project, effects=frozenset({Act.SPAWN, Act.EXECUTOR}), names={"what": what}
            )


def _what(site: Site) -> str:
    """What grows with the traffic, "" when nothing does."""
    runs_in = site.options.get("runs-in")
    if Act.SPAWN in site.acts and runs_in is not None and runs_in.values and not _is_kept(site):
        loop = over_items(site.context.loops)
        return f"a {runs_in.values[0]} for each " + (f"item of `{loop.over}`" if loop is not None else "request")
    if Act.EXECUTOR in site.acts and _as_long_as(site.options.get("size")):
        return f"a pool of `{site.options['size'].text}` workers"
    return ""


def _is_kept(site: Site) -> bool:
    """Whether an object keeps the thread: then it is one for each of those."""
    return "self" in site.gives or site.function.qualified.endswith("__init__")


def _as_long_as(size: Option | None) -> bool:
    return size is not None and size.state == "given" and not size.values and size.text.startswith("len(")
