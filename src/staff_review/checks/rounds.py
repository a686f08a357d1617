"""Calls made once for each item: which loops run over data, and what a round of them costs."""

from __future__ import annotations

from ..acts import Act
from ..libraries import REMOTE, Effect
from ..project import Loop, Project, Site
from ..settings import Confidence, Severity

_NEAR = 2
"""Steps of a trail up to which the loop and the call belong together; further away they are two designs."""
_CHANGES = frozenset({Act.WRITE, Act.COMMIT, Act.ROLLBACK})
_CHANGING = ("insert", "update", "delete", "merge", "replace", "create", "drop", "alter", "truncate", "call")


def over_items(loops: tuple[Loop, ...]) -> Loop | None:
    """The loop over items around a call, unless a retry, a page or a small fixed set explains it."""
    for loop in loops:
        if loop.form in ("retry", "count", "endless", "while") or loop.few or loop.batched or loop.stops:
            return None
        return loop
    return None


def each_round(site: Site) -> bool:
    """Whether a call runs in every round: not only in the first, nor after a failure, nor started for later."""
    return not (site.many or site.is_client or site.scheduled or site.context.once or site.context.in_handler)


def asks_database(site: Site) -> bool:
    """Whether a call only asks a database, so far as is known: it changes nothing and goes nowhere else."""
    if site.effects & REMOTE != {Effect.DATABASE} or site.acts & _CHANGES:
        return False
    text = site.options.get("text")
    values = text.values if text is not None else ()
    return not any(isinstance(value, str) and value.lstrip().lower().startswith(_CHANGING) for value in values)


def severity_of(project: Project, site: Site) -> Severity | None:
    """A note where no request, message or task is known to come by."""
    return None if project.serves(site.function) else "note"


def confidence_of(project: Project, site: Site, effects: frozenset[Effect | Act]) -> Confidence | None:
    """Low far from the loop, and in a command that a person runs and watches."""
    entry = project.reached_by.get(site.function)
    if entry is not None and entry.kind in ("command", "start-up"):
        return "low"
    return "low" if len(site.way(effects).trail) > _NEAR else None
