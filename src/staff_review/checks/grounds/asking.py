"""Whether a call asks or changes: by what the catalog says of it, and by the statement that it runs."""

from __future__ import annotations

import re
from collections.abc import Collection

from ...nouns.acts import Act
from ...nouns.libraries import REMOTE, Effect
from ...nouns.project import Project, Site
from ...nouns.source import Place

_CHANGES = frozenset({Act.WRITE, Act.COMMIT, Act.ROLLBACK})
MORE: frozenset[Effect | Act] = frozenset(
    {*REMOTE - {Effect.DATABASE, Effect.CACHE}, Effect.PROCESS, Effect.SLEEP}
    | {Act.LOCK, Act.PUBLISH, Act.ENQUEUE, Act.NOTIFY, Act.CHARGE}
)
"""What makes a round a whole piece of work, or one that is to be done for itself: then one call is the least of it."""
_CHANGING = ("insert", "update", "delete", "merge", "replace", "create", "drop", "alter", "truncate", "call", "upsert")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def ends_of(project: Project) -> dict[Place, Site]:
    """The calls of operations by their place, so that what a helper comes to in the end can be looked up."""
    return {site.place: site for site in project.sites if site.direct}


def done_in(project: Project) -> dict[Place, set[Effect | Act]]:
    """What the rounds of each loop do in all."""
    found: dict[Place, set[Effect | Act]] = {}
    for site in project.sites:
        for loop in site.context.loops:
            found.setdefault(loop.place, set()).update(site.effects, site.acts)
    return found


def given_in(project: Project) -> dict[Place, dict[str, Place]]:
    """The names for what remote calls give, or change, in the rounds of each loop, with the place of the call."""
    found: dict[Place, dict[str, Place]] = {}
    for site in project.sites:
        loop = site.context.loops[0] if site.remote and site.context.loops else None
        if loop is not None:
            owner = {site.receiver.partition(".")[0]} & loop.bound if site.acts & _CHANGES else set()
            found.setdefault(loop.place, {}).update(dict.fromkeys(site.gives | owner, site.place))
    return found


def asks_database(site: Site, ends: dict[Place, Site]) -> bool:
    """Whether a call only asks a database, so far as is known: it changes nothing and goes nowhere else."""
    return site.effects & REMOTE == {Effect.DATABASE} and not changes(site, ends)


def changes(site: Site, ends: dict[Place, Site]) -> bool:
    """Whether a call, or the operation that it comes to, changes what is stored."""
    trail = site.way(frozenset({Effect.DATABASE})).trail
    end = site if site.direct else ends.get(trail[-1].place) if trail else None
    return bool(site.acts & _CHANGES) or (end is not None and changed_by(end) != "")


def changed_by(site: Site) -> str:
    """The word for what an operation, or the statement that it runs, does to rows; "" where it only reads, or may."""
    text = site.options.get("text") if Act.STATEMENT in site.acts else None
    if text is None:
        return _changing(words_in(*site.operation.split(".")[-2:]))
    said = [value for value in text.values if isinstance(value, str)]
    first = {value.split(None, 1)[0].lower() for value in said if value.strip()}
    return _changing(first if said else words_in(*site.uses, *site.built_of, text.text))


def words_in(*names: str) -> frozenset[str]:
    """The words that names are put together from: ``save_order`` and ``saveOrder`` hold ``save``."""
    return frozenset(word.lower() for name in names for word in _WORD.findall(name))


def _changing(words: Collection[str]) -> str:
    return next((word for word in _CHANGING if word in words), "")
