"""A value that is read, changed here and written back over whatever happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.exchanges import Update
from ..nouns.findings import Hit, Step
from ..nouns.project import Project
from ..nouns.settings import Confidence
from ..nouns.site import Site
from .grounds.handing_over import by_function
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Read-modify-write of a row or key that no lock keeps for this one process."""
    sites_of = by_function(project)
    told = set()
    for update in project.exchanges.updates:
        sites = sites_of.get(update.function, [])
        if update.write not in told and not _is_kept(update, sites):
            told.add(update.write)
            yield hit_on(
                "lost-update",
                update.place,
                update.function,
                project,
                subject=update.change,
                names={"change": _shown(update), "write": update.call},
                trail=_trail(update),
                confidence=_confidence(update),
            )


def _shown(update: Update) -> str:
    return f"the value under `{update.change}`" if update.kind == "value" else f"`{update.change}`"


def _is_kept(update: Update, sites: list[Site]) -> bool:
    """Whether a lock, or an option of the reading, keeps others out, or the object was made here."""
    if any(region.kind == "lock" for region in update.context.regions):
        return True
    for site in sites:
        locking = Act.LOCK in site.acts or _locks(site)
        if locking and site.place.span < update.write.span:
            return True
    return False


def _locks(site: Site) -> bool:
    option = site.options.get("row-lock")
    return option is not None and option.state != "absent"


def _confidence(update: Update) -> Confidence | None:
    return None if update.read is not None else "low"


def _trail(update: Update) -> tuple[Step, ...]:
    read = (Step(update.read, "is read"),) if update.read is not None else ()
    return (*read, Step(update.place, f"changes {_shown(update)}"), Step(update.write, f"calls `{update.call}`"))
