"""Which settings govern a file: those of the nearest folder that has its own, and the rules that they leave on."""

from __future__ import annotations

import os

from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from .choice import chosen_rules


class Governing:
    """The settings of a review, file by file; raises UsageError for unknown rule names in any of them."""

    def __init__(self, settings: Settings, rulebook: Rulebook) -> None:
        deepest_first = sorted(settings.inner, key=lambda one: len(one.folder), reverse=True)
        self._inner = [(one.folder.rstrip(os.sep) + os.sep, one) for one in deepest_first]
        self._settings = settings
        self._chosen = {id(one): chosen_rules(rulebook, one) for one in (settings, *settings.inner)}

    def at(self, path: str) -> Settings:
        """The settings that govern a file."""
        if not self._inner:
            return self._settings
        absolute = os.path.abspath(path)
        return next((one for folder, one in self._inner if absolute.startswith(folder)), self._settings)

    def chosen(self, path: str) -> frozenset[str]:
        """The rules that speak of a file."""
        return self._chosen[id(self.at(path))]
