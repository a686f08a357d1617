"""Source → FileFacts, one package a language; no syntax tree leaves this folder."""

from __future__ import annotations

from collections.abc import Callable

from ..nouns.demand import Glance, Triggers
from ..nouns.facts import FileFacts
from ..nouns.source import Source
from . import python, templates

_READERS: dict[str, Callable[[Source], FileFacts]] = {"python": python.facts_of, "template": templates.facts_of}
_SCANNERS: dict[str, Callable[[bytes, Triggers], Glance]] = {
    "python": python.glance_at,
    "template": templates.glance_at,
}
_WORDS: dict[str, Callable[[bytes], frozenset[bytes]]] = {"python": python.words_in, "template": templates.words_in}


def facts_of(source: Source) -> FileFacts:
    """Read one file with the front end of its language; never raises on any bytes."""
    return _READERS[source.language](source)


def glance_at(source: Source, triggers: Triggers) -> Glance:
    """A first look at one file, without reading it whole."""
    return _SCANNERS[source.language](source.data, triggers)


def words_in(source: Source) -> frozenset[bytes]:
    """The identifiers of one file."""
    return _WORDS[source.language](source.data)
