"""Source → FileFacts, one package a language; no syntax tree leaves this folder."""

from __future__ import annotations

from collections.abc import Callable

from ..facts import FileFacts
from ..source import Source
from . import python

READERS: dict[str, Callable[[Source], FileFacts]] = {"python": python.facts_of}


def facts_of(source: Source) -> FileFacts:
    """Read one file with the front end of its language; never raises on any bytes."""
    return READERS[source.language](source)
