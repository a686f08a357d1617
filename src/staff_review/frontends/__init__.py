"""Source → FileFacts, one package a language; no syntax tree leaves this folder."""

from __future__ import annotations

from collections.abc import Callable

from ..facts import FileFacts, Mentions
from ..source import Source
from . import python

SCANNERS: dict[str, Callable[[bytes], Mentions]] = {"python": python.mentions_of}
READERS: dict[str, Callable[[Source], FileFacts]] = {"python": python.facts_of}


def facts_of(source: Source) -> FileFacts:
    """Read one file with the front end of its language; never raises on any bytes."""
    return READERS[source.language](source)


def mentions_of(source: Source) -> Mentions:
    """A first look at one file: what it imports and names, without reading it whole."""
    return SCANNERS[source.language](source.data)
