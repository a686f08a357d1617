"""A failed remote call that nobody will ever hear of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Handler, Project, Site
from ..nouns.source import Place
from .hits import hit_on

_TRACES = frozenset({"logs", "raises", "calls", "assigns", "answers", "yields", "told-after"})
_FAILED = ("failure", "which-failure")
_STORES = frozenset({Effect.DATABASE, Effect.CACHE})
_NETWORK = frozenset({"builtins.OSError", "builtins.ConnectionError", "builtins.TimeoutError", "builtins.IOError"})


_CLEANING = re.compile(
    r"_*(?:a?close|stop|shutdown(?:_\w+)?|quit|logout|disconnect|dispose|terminate|kill|rollback|p?unsubscribe|unlock|release(?:_all)?"
    r"|withdraw|wait_closed|(?:teardown|clean_?up)(?:_\w+)?|a?exit__|del__)"
)
"""Names of what is done at the end, as well as it goes."""


def check(project: Project) -> Iterator[Hit]:
    """Handlers around remote work that pass over its failure, once each."""
    seen: set[Place] = set()
    for site in project.sites:
        if not site.remote or _is_best_effort(site):
            continue
        for place, catches, doubtful in _silent_places(site, project):
            if place not in seen:
                seen.add(place)
                shown = ", ".join(name.rpartition(".")[2] for name in catches) or "every error"
                yield hit_on(
                    "swallowed-error",
                    place,
                    site.function,
                    project,
                    subject=site.call,
                    confidence="low" if doubtful else None,
                    names={"catches": shown, "operation": site.operation, "because": f"{shown} is passed over"},
                )


def _is_best_effort(site: Site) -> bool:
    """Whether nothing is lost by a failure: clean-up, or one of several tried in turn, where the next is the remedy."""
    around = site.context
    if around.in_handler or around.in_finally or any(loop.stops for loop in around.loops[:1]):
        return True
    names = (site.function.qualified.rpartition(".")[2], site.call.rpartition(".")[2])
    return any(_CLEANING.fullmatch(name) for name in names) or "telemetry" in f"{site.function.path} {names[0]}".lower()


def _silent_places(site: Site, project: Project) -> Iterator[tuple[Place, tuple[str, ...], bool]]:
    """Where a failure ends in silence, what is caught there, and whether that may well be meant so.

    So it may where a comment says why, where only some errors of a store or the end of a limit set here are caught, or
    where a `suppress` holds a function that can have spoken of the failure itself.
    """
    stored = site.effects & REMOTE <= _STORES
    for handler in site.context.handlers:
        if _fits(handler.catches, site, project):
            if _silent(handler):
                ended = _NETWORK.intersection(handler.catches) == {"builtins.TimeoutError"}
                expected = not handler.broad and (stored or ended)
                yield handler.place, handler.catches, handler.explained or expected
            return
    for region in site.context.regions:
        if region.kind == "suppress" and _fits(region.catches, site, project):
            yield region.place, region.catches, stored or not site.direct
            return


def _fits(catches: tuple[str, ...], site: Site, project: Project) -> bool:
    """Whether a failure of this call ends here: every error, the network's, or those of the call's own library."""
    root = site.operation.partition(".")[0]
    said = {name: project.errors.get(name) for name in catches}
    return (
        not catches
        or not _NETWORK.isdisjoint(catches)
        or "everything" in said.values()
        or any(name.partition(".")[0] == root and says in _FAILED for name, says in said.items())
    )


def _silent(handler: Handler) -> bool:
    return _TRACES.isdisjoint(handler.does)
