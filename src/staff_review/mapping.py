"""The system below some paths: code linked, the files around it read, both put together; saved maps met with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from .claims import linked
from .errors import UsageError
from .link import triggers_of
from .load.deployment import deployment_of, state_around
from .load.files import discover
from .load.regular import contents
from .load.texts import DISK, Texts
from .load.versions import Versions
from .project import Project
from .reading import Reading, processors
from .rulebook import Rulebook
from .settings import Settings
from .system import System
from .topology import linked as met
from .topology import restored, saved, system_of
from .triage import is_test_below

__all__ = ["SAVED", "saved", "system_below"]

_MOST_BYTES = 50_000_000
SAVED = ".map"
"""How the name of a saved map ends."""


class Around:
    """The files around the code below some paths, for a review that links the code itself."""

    def __init__(self, paths: tuple[str, ...], texts: Texts = DISK) -> None:
        self._paths = paths
        self._texts = texts

    def state(self, known: Iterable[str]) -> Iterable[bytes]:
        """What identifies the files that are read for the system, without those known otherwise."""
        return state_around(self._paths, frozenset(known), self._texts)

    def system(self, project: Project) -> System:
        """The system that the program and the files around it make, judged."""
        deployment = deployment_of(self._paths, self._texts)
        system = system_of(project, deployment)
        copies = {unit.place: unit.copies for unit in deployment.units if unit.copies}
        services = (replace(one, copies=copies.get(one.place, 0) if one.place else 0) for one in system.services)
        return replace(system, services=tuple(services))


def system_below(paths: tuple[str, ...], settings: Settings, rulebook: Rulebook) -> System:
    """The system of folders and saved maps; raises UsageError for a map that cannot be read."""
    maps = [path for path in paths if path.endswith(SAVED) and os.path.isfile(path)]
    folders = tuple(path for path in paths if path not in maps)
    systems = [_saved(path) for path in maps]
    if folders or not maps:
        systems.insert(0, system_of(_project(folders, settings, rulebook), deployment_of(folders)))
    return systems[0] if len(systems) == 1 else met(systems)


def _saved(path: str) -> System:
    try:
        return restored(contents(path, _MOST_BYTES), path)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read; save it again with `staff-review map --save {path}`") from error


def _project(paths: Sequence[str], settings: Settings, rulebook: Rulebook) -> Project:
    """The linked program with targets and offers; test code makes no edges."""
    listing = discover(tuple(paths), settings)
    is_test = is_test_below(os.path.relpath(path) for path in paths)
    files = [entry for entry in listing.files if not is_test(entry.path)]
    reading = Reading(files, settings, triggers_of(rulebook.libraries, "python"), None, processors())
    reading.scan()
    root = settings.root if os.path.isabs(settings.root) else os.path.abspath(paths[0] if paths else ".")
    return linked(reading, rulebook, Versions(root), settings.scale, system=True)
