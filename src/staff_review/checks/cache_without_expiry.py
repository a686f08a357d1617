"""An entry of a cache that never ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..nouns.acts import Act
from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Site
from .grounds.edits import expiring
from .grounds.keys import (
    ends_later,
    is_one_of_many,
    is_said,
    key_of,
    never_ends,
    reads_before,
    taken_away,
    work_between,
)
from .hits import hit_at

_KEEPING = frozenset({"set", "put", "store", "save", "write", "set_value", "set_key"})
"""What a method is called that keeps a value under a key."""


def check(project: Project) -> Iterator[Hit]:
    """Writes without an end, where the library is a cache or the code uses a store as one."""
    emptied = {site.operation.rpartition(".")[0] for site in project.sites if Act.CACHE_DELETE in site.acts}
    for site in project.sites:
        if Act.CACHE_WRITE not in site.acts or not site.direct or not never_ends(site.options.get("expiry")):
            continue
        if is_said(site.options.get("only-new")) or not is_one_of_many(site):
            continue
        if not _is_cache(site, project) or ends_later(site, project):
            continue
        if "expiry" in site.made_with and not never_ends(site.made_with["expiry"]):
            continue  # the cache itself ends its entries
        taking = taken_away(site, project)
        if any(other.function == site.function for other in taking):
            continue
        on_purpose = site.options["expiry"].state == "given"
        if on_purpose and site.operation.rpartition(".")[0] in emptied:
            continue  # the end was left out knowingly: entries are taken away when they change
        yield hit_at(
            "cache-without-expiry",
            site,
            project,
            effects=frozenset({Act.CACHE_WRITE}),
            severity="note" if on_purpose else None,
            confidence="low" if taking or on_purpose else None,
            edit=None if on_purpose else expiring(project, site),
        )


def _is_cache(site: Site, project: Project) -> bool:
    """A store is used as a cache where it is called so, or where a miss is what leads to the write."""
    if not is_said(site.options.get("store")):
        return True
    words = [site.receiver, key_of(site), site.function.qualified]
    words += [other.call for other in project.sites if Effect.CACHE in other.effects and other.before(site)]
    missed = any(_is_miss(read, site, project) for read in reads_before(site, project))
    return missed or _is_named(words) or _keeps_for_others(site)


def _keeps_for_others(site: Site) -> bool:
    """Whether a method of a store of keys writes whatever it is handed, and no caller can say until when."""
    owner, _, name = site.function.qualified.rpartition(".")
    key, value = key_of(site), site.options["value"].text if "value" in site.options else ""
    handed = key.isidentifier() and value.isidentifier() and not {key, value} & site.since.keys()
    return bool(owner) and name in _KEEPING and handed


def _is_named(words: Iterable[str]) -> bool:
    return any("cache" in word.lower() for word in words)


def _is_miss(read: Site, write: Site, project: Project) -> bool:
    """Whether what is written does not come from what was read: a miss is filled, not a value changed."""
    line = read.place.span.end_line
    if not read.gives or any(write.since.get(name, line) <= line for name in read.gives & write.uses):
        return False
    return _is_named(read.gives) or bool(work_between(read, write, project))
