"""What stands near a change: the files that lead to it, and those that these and it need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from heapq import heappop, heappush

from ..link.files.imports import Imports
from ..link.files.modules import Modules
from ..link.files.settings_modules import is_settings_module
from ..nouns.libraries import Libraries
from .reading import Reading

_MOST_BYTES = 1_000_000
"""Of files with something to link, the nearest first; some 25,000 lines, which take about half a second."""
_UP, _DOWN, _ASIDE = 1, 2, 4
"""How far one step is: to a file that imports it, to one that it imports, to one that another user of it imports."""


class Nearby:
    """The files to link for a change: chosen among those of today, and the same ones among those of before."""

    def __init__(self, changed: frozenset[str], libraries: Libraries) -> None:
        self._changed = changed
        self._foreign = frozenset(root for one in libraries for root in (one.library.partition(".")[0], *one.modules))
        self._chosen: frozenset[str] | None = None
        self.linked: int | None = None
        """How many files are linked; None where none is left out."""

    def among(self, reading: Reading, renamed: Mapping[str, str]) -> frozenset[str] | None:
        """The files near those that changed, and the modules of settings; None where that is all of them.

        `renamed` leads from paths of these files to paths of today.
        """
        paths = frozenset(reading.paths())
        if self._chosen is None:
            self._chosen = self._choose(reading, paths)
            self.linked = len(self._chosen) if self._chosen != paths else None
        if self.linked is None:
            return None
        return frozenset(path for path in paths if renamed.get(path, path) in self._chosen or path in self._changed)

    def _choose(self, reading: Reading, paths: frozenset[str]) -> frozenset[str]:
        imports = Imports(reading, Modules(paths, self._foreign))
        chosen = {path for path in paths if is_settings_module(path)} | (self._changed & paths)
        left, costly = _MOST_BYTES, frozenset(reading.wanted())
        for path in _walk(imports, self._changed & paths):
            left -= reading.size(path) if path in costly else 0
            if left < 0:
                break
            chosen.add(path)
        return frozenset(chosen)


def _walk(imports: Imports, changed: Collection[str]) -> Iterator[str]:
    """The files that import the changed ones, in any number of steps, and what all these import; the nearest first."""
    seen: set[tuple[str, bool]] = set()
    waiting = [(0, path, True) for path in sorted(changed)]
    while waiting:
        far, path, leads = heappop(waiting)
        if (path, leads) in seen:
            continue
        seen.add((path, leads))
        if (path, not leads) not in seen:
            yield path
        down = _ASIDE if far and leads else _DOWN
        for one in imports.of(path):
            heappush(waiting, (far + down, one, False))
        for one in imports.importers.get(path, ()) if leads else ():
            heappush(waiting, (far + _UP, one, True))
