"""Entries of caches and stores with keys: which of them end, and what tells a cache from a store."""

from __future__ import annotations

import re

from ...nouns.acts import Act, Option
from ...nouns.libraries import REMOTE, Effect
from ...nouns.project import Project, Site

_GOING = re.compile(r"^_*(?:delete|remove|destroy|drop|close)", re.IGNORECASE)
"""What a function is called that ends the object at hand."""
_COSTLY = REMOTE - {Effect.CACHE}


def never_ends(expiry: Option | None) -> bool:
    """Whether an entry that is written with this option stays for ever."""
    if expiry is None or expiry.state == "unseen":
        return False
    if not expiry.values:
        return expiry.state == "absent"
    if expiry.state == "absent":
        return all(value is None or value == 0 for value in expiry.values)
    return all(value is None for value in expiry.values)


def is_said(option: Option | None) -> bool:
    """Whether a switch is on, by what is written or by what the call is."""
    return option is not None and option.values == (True,)


def key_of(site: Site) -> str:
    """The key of an entry as written, "" when none is."""
    option = site.options.get("key")
    return option.text if option is not None and option.state != "absent" else ""


def is_one_of_many(site: Site) -> bool:
    """Whether the key is made for each call, or each object: not a constant or a setting."""
    option = site.options.get("key")
    if option is None:
        return Act.CACHE_READ not in site.acts
    return not option.text.rpartition(".")[2].isupper() and (option.mixed or not option.values)


def ends_later(site: Site, project: Project) -> bool:
    """Whether the same function, or another of the file for the same key, gives the entry an end."""
    return any(
        other.function == site.function or (key_of(site) and key_of(other) == key_of(site))
        for other in project.sites
        if Act.SET_EXPIRY in other.acts and other.place.path == site.place.path
    )


def taken_away(site: Site, project: Project) -> list[Site]:
    """The calls of the same file that take away what is under the key of a write, on the same store.

    What takes it away when the object itself goes does not keep it right while the object lives.
    """
    return [
        other
        for other in project.sites
        if Act.CACHE_DELETE in other.acts
        and other.place.path == site.place.path
        and other.receiver == site.receiver
        and key_of(other) == key_of(site)
        and _GOING.search(other.function.qualified.rpartition(".")[2]) is None
    ]


def reads_before(site: Site, project: Project) -> list[Site]:
    """The reads of the same entry that can come before a write of it, in the same function."""
    return [
        other
        for other in project.sites
        if Act.CACHE_READ in other.acts
        and other.receiver == site.receiver
        and key_of(other) == key_of(site)
        and key_of(site)
        and other.before(site)
    ]


def work_between(read: Site, write: Site, project: Project) -> tuple[Site, ...]:
    """The remote work between a read that missed and the write that fills it."""
    costly = (site for site in project.sites if site.effects & _COSTLY and site.function == write.function)
    return tuple(site for site in costly if read.before(site) and site.before(write))
