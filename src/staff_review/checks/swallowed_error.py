"""A failed remote call that nobody will ever hear of."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Hit
from ..project import Handler, Project, Site
from ..source import Place
from .hits import hit_on

_TRACES = frozenset({"logs", "raises", "calls", "assigns", "answers", "yields", "returns"})


def check(project: Project) -> Iterator[Hit]:
    """Handlers of every error around remote work that do nothing, once each."""
    seen: set[Place] = set()
    for site in project.sites:
        if not site.remote or site.context.in_handler:
            continue
        handler = _innermost(site)
        if handler is None or handler.place in seen or not _silent(handler):
            continue
        seen.add(handler.place)
        yield hit_on(
            "swallowed-error", handler.place, site.function, project, subject=site.call,
            names={"catches": ", ".join(handler.catches) or "every error", "operation": site.operation},
        )


def _innermost(site: Site) -> Handler | None:
    """The handler of every error that an error of this call reaches first."""
    return next((handler for handler in site.context.handlers if handler.broad), None)


def _silent(handler: Handler) -> bool:
    return _TRACES.isdisjoint(handler.does)
