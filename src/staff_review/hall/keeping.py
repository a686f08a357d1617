"""What is kept from one run to the next, where, and under which state of the engine."""

from __future__ import annotations

import os
import zlib

import msgspec

from .. import __version__
from ..load.cache import Cache
from ..load.codes import Codes
from ..load.engine import engine_stamp
from ..load.memory import Memory
from ..nouns.demand import Triggers
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from .triggers import triggers_for


class Kept(msgspec.Struct, frozen=True):
    """What earlier runs left for this one: the engine they were made by, what files say, and the last answers."""

    engine: str = ""
    cache: Cache | None = None
    memory: Memory | None = None
    codes: Codes | None = None


def kept_for(paths: tuple[str, ...], settings: Settings, rulebook: Rulebook) -> Kept:
    """What earlier runs left."""
    engine = engine_stamp(__version__)
    root = root_of(paths, settings)
    cache = Cache.open(root, f"{engine}/{_sum(triggers_for(rulebook))}")
    return Kept(engine, cache, Memory(root), Codes(root, engine))


def root_of(paths: tuple[str, ...], settings: Settings) -> str:
    """The folder that the settings are for, else the one that holds all that was asked for."""
    if os.path.isabs(settings.root):
        return settings.root
    folders = [path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths]
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])


def _sum(triggers: Triggers) -> str:
    """What must be the same for a glance kept earlier to hold today."""
    tables = (triggers.names, triggers.asynchronous)
    known = sorted((root, *sorted(names)) for table in tables for root, names in table.items())
    return f"{zlib.crc32(repr(known).encode()):08x}"
