"""Rules that the settings switch off below some paths."""

from __future__ import annotations

import os

from pathspec import GitIgnoreSpec

from ..nouns.findings import Finding
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from .choice import named


class PathRules:
    """The per-path settings, compiled; patterns are git's own and relative to the settings' root."""

    def __init__(self, settings: Settings, rulebook: Rulebook) -> None:
        self._root = settings.root
        self._entries = [
            (entry.pattern, GitIgnoreSpec.from_lines([entry.pattern]), named(entry.ignore, rulebook))
            for entry in settings.per_path
        ]

    def ignoring(self, finding: Finding) -> str | None:
        """The pattern that switches this finding's rule off where it stands, if one does."""
        if not self._entries:
            return None
        path = os.path.relpath(finding.place.path, self._root).replace(os.sep, "/")
        for pattern, spec, rules in self._entries:
            if finding.rule in rules and spec.match_file(path):
                return pattern
        return None
