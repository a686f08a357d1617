"""The files that a persona may be shown, by function: lines, facts, and the calls that mean something."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..nouns.facts import FileFacts
from ..nouns.project import Site
from .extents import Extent, extent_at, extents_of
from .known import Known

LONGEST_LINE = 300


class Files:
    """Looks into files by function; what was worked out once is kept."""

    def __init__(
        self, known: Known, facts: Callable[[str], FileFacts | None], lines: Callable[[str], Sequence[str]]
    ) -> None:
        self.known = known
        self.facts = facts
        self.lines = lines
        self._extents: dict[str, tuple[Extent, ...]] = {}
        self._sites: dict[str, dict[Extent | None, list[Site]]] = {}

    def extents(self, path: str) -> tuple[Extent, ...]:
        """The functions of a file, none for a file that could not be read."""
        if path not in self._extents:
            facts = self.facts(path)
            self._extents[path] = extents_of(facts) if facts is not None else ()
        return self._extents[path]

    def extent(self, path: str, line: int) -> Extent | None:
        """The function around a line."""
        return extent_at(self.extents(path), line)

    def sites(self, path: str, extent: Extent) -> list[Site]:
        """The calls of a function that belong to no smaller one."""
        if path not in self._sites:
            found = self._sites.setdefault(path, {})
            for site in self.known.sites(path):
                found.setdefault(self.extent(path, site.place.line), []).append(site)
        return self._sites[path].get(extent, [])

    def letters(self, path: str, extent: Extent) -> int:
        """How many letters a function takes when it is shown whole."""
        return sum(min(len(line), LONGEST_LINE) + 9 for line in self.lines(path)[extent.first - 1 : extent.last])
