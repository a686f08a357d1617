"""A failed remote call that nobody will ever hear of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import REMOTE, Effect
from ..nouns.project import Project, Site
from ..nouns.source import Place
from .grounds.handing_over import LASTING
from .hits import hit_on

_TRACES = frozenset({"logs", "raises", "calls", "assigns", "answers", "yields", "told-after"})
_FAILED = ("failure", "which-failure")
_STORES = frozenset({Effect.DATABASE, Effect.CACHE})
_NETWORK = frozenset({"builtins.OSError", "builtins.ConnectionError", "builtins.TimeoutError", "builtins.IOError"})
_NAMES = frozenset({Effect.SOCKET})
"""All that looking up a name touches: that it is unknown is an answer."""
_CHANGING = LASTING | {Act.CACHE_DELETE}
_CHANGING_VERBS = ("POST", "PUT", "PATCH", "DELETE")

_CLEANING = re.compile(
    r"_*(?:a?close|stop|shutdown(?:_\w+)?|quit|logout|disconnect|dispose|terminate|kill(?:_\w+)?|rollback|p?unsubscribe|unlock"
    r"|release(?:_all)?|revoke(?:_\w+)?|withdraw|wait_closed|cancel(?:_\w+)?|clear(?:_\w+)?|(?:teardown|clean_?up)(?:_\w+)?|a?exit__|del__)"
)
"""Names of what is done at the end, as well as it goes."""
_ASIDE = re.compile(
    r"telemetry|analytics|census|usage_stat|error_logging|(?:check|look)_?for_?\w*(?:update|release|version)|(?:update|version)s?_check"
)
"""Names of what only tells of the program and its errors, or whether there is a newer one."""


class Ending(NamedTuple):
    """Where a failure of a call ends in silence, and what is caught there.

    `does`: what the handler does. `doubtful`: it may well be meant so.
    """

    site: Site
    place: Place
    catches: tuple[str, ...]
    doubtful: bool
    does: frozenset[str] = frozenset()


def check(project: Project) -> Iterator[Hit]:
    """Handlers around remote work that pass over its failure, once each."""
    seen: set[Place] = set()
    for hit in (*_used_all_the_same(project), *_passed_over(project)):
        if hit.place not in seen:
            seen.add(hit.place)
            yield hit


def _used_all_the_same(project: Project) -> Iterator[Hit]:
    """Handlers after which the answer is used that never came."""
    remote = {site.place for site in project.sites if site.remote}
    for one in project.signals.missing:
        failed = any(project.errors.get(name) in _FAILED for name in one.catches)
        if one.at in remote or (one.foreign and failed):
            because = f"`{one.name}`, which it was to give, is used all the same"
            names = {"because": because, "catches": _shown(one.catches)}
            yield hit_on("swallowed-error", one.place, one.function, project, subject=one.call, names=names)


def _passed_over(project: Project) -> Iterator[Hit]:
    ended: dict[Place, list[Ending]] = {}
    for site in project.sites:
        if site.remote and not _is_best_effort(site):
            for ending in _endings(site, project):
                ended.setdefault(ending.place, []).append(ending)
    for place, endings in ended.items():
        site = endings[0].site
        shown = _shown(endings[0].catches)
        yield hit_on(
            "swallowed-error",
            place,
            site.function,
            project,
            subject=site.call,
            confidence=None
            if site.function not in project.watched and any(_is_missed(one, project) for one in endings)
            else "low",
            names={"catches": shown, "operation": site.operation, "because": f"nothing tells of {shown}"},
        )


def _shown(catches: tuple[str, ...]) -> str:
    return ", ".join(name.rpartition(".")[2] for name in catches) or "every error"


def _is_missed(ending: Ending, project: Project) -> bool:
    """Whether somebody misses what failed: a change or a message is lost, or the answer says that there is nothing.

    What was only looked up may well have another value to fall back on.
    """
    if ending.doubtful:
        return False
    delivered = {delivery.place for delivery in project.exchanges.deliveries}
    lost = "continues" in ending.does and any(loop.place in delivered for loop in ending.site.context.loops)
    found_nothing = "answers-empty" in ending.does and ending.site.effects & REMOTE != _NAMES
    return lost or found_nothing or _changes(ending.site)


def _changes(site: Site) -> bool:
    """Whether a call changes something for good, or sends something and nobody wants an answer.

    What is called for its result may write on the way; that is not why it is called.
    """
    if Act.STATEMENT in site.acts and any(region.kind == "transaction" for region in site.context.regions):
        return True
    if site.direct:
        return not site.acts.isdisjoint(_CHANGING) or (site.unheeded and site.verb in _CHANGING_VERBS)
    sends = site.way(REMOTE).operation.rpartition(".")[2].upper() in _CHANGING_VERBS
    return site.discarded and (sends or not site.acts.isdisjoint(_CHANGING))


def _is_best_effort(site: Site) -> bool:
    """Whether nothing is lost by a failure: clean-up, or one of several tried in turn, where the next is the remedy."""
    around = site.context
    if around.in_handler or around.in_finally or any(loop.stops for loop in around.loops[:1]):
        return True
    names = (site.function.qualified.rpartition(".")[2], site.call.rpartition(".")[2])
    aside = _ASIDE.search(f"{site.function.path} {names[0]} {names[1]}".lower())
    return aside is not None or any(_CLEANING.fullmatch(name) for name in names)


def _endings(site: Site, project: Project) -> Iterator[Ending]:
    """Where a failure of a call ends in silence.

    That may well be meant so where a comment says why, where only some errors of a store or the end of a limit set here
    are caught, or where a `suppress` holds a function that can have spoken of the failure itself.
    """
    stored = site.effects & REMOTE <= _STORES
    for handler in site.context.handlers:
        if _fits(handler.catches, site, project):
            if _TRACES.isdisjoint(handler.does):
                ended = _NETWORK.intersection(handler.catches) == {"builtins.TimeoutError"}
                doubtful = handler.explained or (not handler.broad and (stored or ended))
                yield Ending(site, handler.place, handler.catches, doubtful, handler.does)
            return
    for region in site.context.regions:
        if region.kind == "suppress" and _fits(region.catches, site, project):
            yield Ending(site, region.place, region.catches, stored or not site.direct)
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
