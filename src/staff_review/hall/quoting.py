"""The lines of the files of a review, for whoever quotes or changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..load.files import Listing
from ..load.read import original_of, read
from ..nouns.errors import UsageError
from ..nouns.findings import Gap
from ..nouns.settings import Settings
from ..nouns.source import Original


class Sources(Mapping[str, Sequence[str]]):
    """The lines of each file by path, read again when a report shows them."""

    def __init__(self, listing: Listing, settings: Settings) -> None:
        self._entries = {entry.path: entry for entry in listing.files}
        self._settings = settings

    def __getitem__(self, path: str) -> Sequence[str]:
        source = read(self._entries[path], self._settings)
        return () if isinstance(source, Gap) else source.lines()

    def line(self, path: str, number: int) -> str:
        """One line of a file, "" of one that cannot be read; raises UsageError when it has no such line."""
        lines = self.get(path, ())
        if lines and not 0 < number <= len(lines):
            raise UsageError(f"`{path}` has no line {number}; its last is {len(lines)}")
        return lines[number - 1] if lines else ""

    def original(self, path: str) -> Original | Gap:
        """One file exactly as it stands on disk, for those who change it, or why it cannot be had."""
        entry = self._entries.get(path)
        return original_of(entry, self._settings) if entry is not None else Gap(path, 0, "it is not part of the review")

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
