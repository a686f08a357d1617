"""The system below some paths: code linked, the files around it read, both put together; saved maps met with it."""

from __future__ import annotations

import os
from collections.abc import Iterable

from msgspec.structs import replace

from ..load.cache import Cache
from ..load.codes import Codes
from ..load.deployment import deployment_of, state_around
from ..load.files import discover
from ..load.objects import State, comparison_of
from ..load.regular import contents
from ..load.texts import DISK, Texts
from ..load.unexcluded import unexcluded
from ..load.versions import Versions
from ..nouns.errors import UsageError
from ..nouns.findings import Introduced
from ..nouns.products import Products
from ..nouns.project import Project
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from ..nouns.system import System
from ..topology import changed, covered, restored, saved, sequence_of, system_of
from ..topology import linked as met
from ..triage import is_test_below
from .judging import linked
from .reading import Reading, processors
from .triggers import triggers_for

__all__ = ["SAVED", "change_below", "saved", "sequence_of", "system_below"]

_MOST_BYTES = 50_000_000
SAVED = ".map"
"""How the name of a saved map ends."""


class Around:
    """The files around the code below some paths, for a review that links the code itself."""

    def __init__(self, paths: tuple[str, ...], texts: Texts = DISK, codes: Codes | None = None) -> None:
        self._paths = paths
        self._texts = texts
        self._codes = codes

    def state(self, known: Iterable[str]) -> Iterable[bytes]:
        """What identifies the files that are read for the system, without those known otherwise."""
        return state_around(self._paths, frozenset(known), self._texts)

    def system(self, project: Project, products: Products) -> System:
        """The system that the program and the files around it make, judged."""
        deployment = deployment_of(self._paths, self._texts, products.resource, self._codes)
        system = system_of(project, deployment, products)
        copies = {unit.place: unit.copies for unit in deployment.units if unit.copies}
        services = (replace(one, copies=copies.get(one.place, 0) if one.place else 0) for one in system.services)
        return replace(system, services=tuple(services))

    def covered(self, project: Project, system: System) -> Project:
        """The program with what stands between a call and its peer: the limits and breakers of meshes and gateways."""
        return covered(project, system)


def system_below(paths: tuple[str, ...], settings: Settings, rulebook: Rulebook) -> System:
    """The system of folders and saved maps; raises UsageError for a map that cannot be read."""
    folders, maps = _sorted_out(paths)
    inner = _below(folders, State(discover(folders, settings)), settings, rulebook) if folders or not maps else None
    return _met(inner, maps)


def change_below(paths: tuple[str, ...], settings: Settings, rulebook: Rulebook, since: str) -> Introduced:
    """What the files of folders do to the map since a revision; raises UsageError when git cannot tell.

    Saved maps are the same before and after.
    """
    folders, maps = _sorted_out(paths)
    comparison = comparison_of(folders, settings, discover(folders, settings), since=since, staged=False)
    cache = Cache.for_one_run()
    before, now = (
        _met(_below(folders, state, settings, rulebook, cache), maps)
        for state in (comparison.before[0], comparison.now)
    )
    files = len(comparison.changed) + comparison.others
    return Introduced(comparison.before[0].commit, since, files=files, map=changed(before, now))


def _sorted_out(paths: tuple[str, ...]) -> tuple[tuple[str, ...], list[System]]:
    """The folders, and the systems of the saved maps."""
    maps = [path for path in paths if path.endswith(SAVED) and os.path.isfile(path)]
    return tuple(path for path in paths if path not in maps), [_saved(path) for path in maps]


def _met(inner: System | None, maps: list[System]) -> System:
    systems = [*([inner] if inner is not None else []), *maps]
    return systems[0] if len(systems) == 1 else met(systems)


def _below(
    folders: tuple[str, ...], state: State, settings: Settings, rulebook: Rulebook, cache: Cache | None = None
) -> System:
    """The system of the files of one moment; test code makes no edges."""
    is_test = is_test_below(os.path.relpath(path) for path in folders)
    files = [entry for entry in state.listing.files if not is_test(entry.path)]
    reading = Reading(files, settings, triggers_for(rulebook), cache, processors())
    reading.scan()
    root = settings.root if os.path.isabs(settings.root) else os.path.abspath(folders[0] if folders else ".")
    project = linked(reading, rulebook, Versions(root, state.texts), settings.scale, system=True)
    products = rulebook.products
    texts = unexcluded(state.texts, settings)
    return system_of(project, deployment_of(folders, texts, products.resource), products)


def _saved(path: str) -> System:
    try:
        return restored(contents(path, _MOST_BYTES), path)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read; save it again with `staff-review map --save {path}`") from error
