"""The files that stand beside the code, without those that `exclude` in the settings covers."""

from __future__ import annotations

from collections.abc import Iterable

from ..nouns.settings import Settings
from .files import Search
from .texts import Texts


def unexcluded(texts: Texts, settings: Settings) -> Texts:
    """The same files as far as the settings want them looked at; raises UsageError for a pattern that is none."""
    return _Unexcluded(texts, Search(settings)) if settings.exclude else texts


class _Unexcluded:
    def __init__(self, texts: Texts, search: Search) -> None:
        self._texts = texts
        self._search = search

    def names(self, folder: str) -> set[str]:
        excludes = self._search.excludes(folder)
        return {name for name in self._texts.names(folder) if not excludes(name)}

    def below(self, folder: str, listed: Iterable[str]) -> Iterable[str]:
        excludes = self._search.excludes(folder)
        return [name for name in self._texts.below(folder, listed) if not excludes(name)]

    def contents(self, path: str, limit: int) -> bytes:
        return self._texts.contents(path, limit)
