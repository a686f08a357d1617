"""One database query for each item, by a call or by reading a relation that was not loaded along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..nouns.acts import Act
from ..nouns.burdens import LazyLoad
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Site
from ..nouns.source import Place
from .grounds.asking import MORE, asks_database, done_in, ends_of, words_in
from .grounds.rounds import hit_for, is_waited_for, over_items, rounds_of, told
from .hits import hit_on

_ASKING: frozenset[Effect | Act] = frozenset({Effect.DATABASE})
_DOING = re.compile(
    r"add|apply|create|delete|ensure|handle|insert|make|process|register|remove|retry|run|save|send|store|sync|update"
    r"|upsert|write"
)
"""Words in the names of functions that do something for an item, and look first."""


def check(project: Project) -> Iterator[Hit]:
    """Queries, also behind helpers, in a loop over data; and the lazy loads of objects that a query gave."""
    loads: dict[Place, dict[Place, list[LazyLoad]]] = {}
    for load in project.burdens.lazy_loads:
        if over_items((load.loop,)) is not None:
            loads.setdefault(load.loop.place, {}).setdefault(load.place, []).append(load)
    ends, done = ends_of(project), done_in(project)
    asking = (site for site in project.sites if asks_database(site, ends))
    for one in rounds_of(project, asking, _ASKING, lambda site, loop: _is_asked(site, done[loop.place]), asks=True):
        sure = one.confidence != "low"  # what is sure shall not hide behind what is not
        along = loads.pop(one.loop.place, {}).values() if sure else ()
        also = [load.read for many in along for load in many]
        yield hit_for("query-in-loop", project, one, _ASKING, also)
    for places in loads.values():
        yield from (_hit(project, mended, done) for mended in places.values())


def _is_asked(site: Site, done: set[Effect | Act]) -> bool:
    """Whether a loop asks one thing after another: by the call itself, or a function near it that is there to ask."""
    if not MORE.isdisjoint(done):
        return False
    trail = site.way(_ASKING).trail
    does = any(map(_DOING.fullmatch, words_in(site.call.rpartition(".")[2])))
    return site.direct or not (len(trail) > 1 or site.discarded or does)


def _hit(project: Project, loads: Sequence[LazyLoad], done: dict[Place, set[Effect | Act]]) -> Hit:
    """The one claim about the lazy loads of a loop that are mended at one place."""
    first, *others = loads
    waited = first.shown or is_waited_for(project, first.function)
    works = not (MORE | {Act.WRITE}).isdisjoint(done.get(first.loop.place, ()))
    mend = f"; the query may load `{first.relation}` along" if first.relation else ""
    mend = "; a data loader asks once for all" if first.resolved else mend
    mend = "; the row has the key itself" if first.key_only else mend
    mend = f"; `{first.relation}` was loaded along, and is narrowed anew" if first.anew else mend
    return hit_on(
        "query-in-loop",
        first.place,
        first.function,
        project,
        subject=first.read,
        names={"loop": first.loop.over, "others": told([load.read for load in others]), "batch": mend},
        trail=(*project.paths.get(first.function, ()), *first.trail),
        confidence="low" if works or not waited else None,
        severity=None if first.shown or project.serves(first.function) else "note",
    )
