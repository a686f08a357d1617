"""One remote call for each item of a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Loop, Project, Site
from ..nouns.source import Place
from .grounds.asking import MORE, asks_database, changed_by, changes, done_in, ends_of, given_in
from .grounds.rounds import hit_for, rounds_of

_PER_ITEM: frozenset[Effect | Act] = frozenset(
    {Effect.HTTP, Effect.RPC, Effect.DATABASE, Effect.CACHE, Effect.MAIL, Effect.STORAGE, Effect.CLOUD}
)
_NEAR = 2
"""Steps of a trail from which on a helper is more than a name for its request."""
_MANY = re.compile(r"[^aisu]s$")
"""How a name ends that holds several things already."""
_VALUED = ("update", "merge")
"""What mostly gives each row values of its own; a text can be run with many."""
_FOR_MANY = ("insert", "delete", "replace", "upsert")
"""What one built statement does to many rows as well as to one."""


class _Rounds(msgspec.Struct, frozen=True):
    """What is known of the calls of a project: by their place, and by the loops that they stand in."""

    ends: dict[Place, Site]
    done: dict[Place, set[Effect | Act]]
    given: dict[Place, dict[str, Place]]


def check(project: Project) -> Iterator[Hit]:
    """Remote calls, also behind helpers, in a loop over data; what only asks a database has a rule of its own."""
    known = _Rounds(ends_of(project), done_in(project), given_in(project))
    sites = (site for site in project.sites if site.effects & _PER_ITEM and not asks_database(site, known.ends))
    for one in rounds_of(project, sites, _PER_ITEM, lambda site, loop: _is_for_all(site, loop, known)):
        yield hit_for("call-in-loop", project, one, _PER_ITEM)


def _is_for_all(site: Site, loop: Loop, known: _Rounds) -> bool:
    """Whether one call would do for all items: its library has one, or it reads one thing after another of one peer."""
    trail = site.way(_PER_ITEM).trail
    end = site if site.direct else known.ends.get(trail[-1].place) if trail else None
    if end is None or not _is_known(end) or not _stands_alone(site, loop, known):
        return False
    if changes(site, known.ends) and _changes_for_itself(site, loop):
        return False
    items = loop.names | loop.bound
    named = end.asks_for if end.verb == "GET" and len(trail) < _NEAR else frozenset()
    return site.batch is not None or bool(named & items if site.direct else named)


def _is_known(end: Site) -> bool:
    """Whether a receiver is what it is called like: its type is known, it is awaited, or it is given a statement."""
    return end.certain or end.awaited or Act.STATEMENT in end.acts


def _stands_alone(site: Site, loop: Loop, known: _Rounds) -> bool:
    """Whether a call is about the item, and about one, and needs nothing that another of the round has to give first.

    A round that goes elsewhere besides is a whole piece of work.
    """
    about = site.uses & (loop.names | loop.bound)
    given = known.given.get(loop.place, {})
    waits = any(given.get(name, site.place) != site.place for name in site.uses)
    many = any(_MANY.search(name) for name in about)
    return bool(about) and not (waits or many or known.done[loop.place] & (MORE - site.effects))


def _changes_for_itself(site: Site, loop: Loop) -> bool:
    """Whether each change is one of its own: with code around it, an answer, or values for what was found or made."""
    owner = site.receiver.partition(".")[0]
    alone = site.uses <= {owner} and owner not in loop.names
    text = site.options.get("text")
    word = changed_by(site)
    valued = word in _VALUED or (text is not None and word not in _FOR_MANY)
    return not site.direct or bool(site.gives) or alone or (valued and not (text is not None and text.values))
