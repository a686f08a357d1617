"""One remote call for each item of a collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Loop, Project, Site
from ..nouns.source import Place
from .asking import asks_database, changed_by, changes, ends_of
from .rounds import hit_for, rounds_of

_PER_ITEM: frozenset[Effect | Act] = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)


def check(project: Project) -> Iterator[Hit]:
    """Remote calls, also behind helpers, in a loop over data; what only asks a database has a rule of its own."""
    ends = ends_of(project)
    sites = (site for site in project.sites if site.effects & _PER_ITEM and not asks_database(site, ends))
    for one in rounds_of(project, sites, _PER_ITEM, lambda site, loop: _is_for_all(site, loop, ends)):
        yield hit_for("call-in-loop", project, one, _PER_ITEM)


def _is_for_all(site: Site, loop: Loop, ends: dict[Place, Site]) -> bool:
    """Whether one call would do for all items: its library has one, or it reads one thing after another of one peer."""
    items = loop.names | loop.bound
    if site.uses.isdisjoint(items) or (changes(site, ends) and _changes_for_itself(site, loop)):
        return False
    if site.batch:
        return True
    trail = site.way(_PER_ITEM).trail
    asking = site if site.direct else ends.get(trail[0].place) if len(trail) == 1 else None
    named = asking.asks_for if asking is not None and asking.verb == "GET" else frozenset()
    return bool(named & items if site.direct else named)


def _changes_for_itself(site: Site, loop: Loop) -> bool:
    """Whether each change is one of its own: with code around it, an answer, or values for what was found or made."""
    owner = site.receiver.partition(".")[0]
    alone = site.uses <= {owner} and owner not in loop.names
    text = site.options.get("text")
    built = changed_by(site) == "update" and text is not None and not text.values  # a text can be run with many values
    return not site.direct or bool(site.gives) or alone or built
