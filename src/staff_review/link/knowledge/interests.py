"""Which calls are worth resolving: by the last name of the callee, or of the object the call is made on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...nouns.libraries import Effect, Libraries, Library

_QUIET = frozenset({Effect.LOG})


class Interests:
    """Names from the catalog, and those that turn out to matter while linking."""

    def __init__(self, libraries: Libraries, language: str) -> None:
        self.leaves: set[str] = {""}
        self.receivers: set[str] = set()
        self._patterns: list[str] = []
        self._seen: dict[str, bool] = {}
        for library in libraries:
            if library.language == language:
                self._add_library(library)
        self._pattern = re.compile("|".join(sorted(set(self._patterns))) or r"(?!)")

    def _add_library(self, library: Library) -> None:
        for operation in library.operation:
            if not frozenset(operation.effects) <= _QUIET:
                self._add(operation.names)
        for act in library.act:
            self._add(act.names)
        for client in library.client:
            self._add((client.type, *client.made_by))
        for entry in library.entry:
            self._add(entry.names if entry.by == "argument" else ())
        for meaning in library.meaning:
            self._add(meaning.names if meaning.means == "inject" else ())
        for policy in library.policy:
            self._add(policy.names)
        for weakness in library.insecure:
            self._add(weakness.names)
        for config in library.config:
            self._add(config.names)
        self._add(library.returns)
        self._add_aliases(library.alias)

    def _add(self, names: Iterable[str]) -> None:
        for name in names:
            leaf = name.rpartition(".")[2]
            if leaf in ("", "*", "**", "__call__", "__enter__", "__aenter__"):
                continue
            if "*" in leaf:
                self._patterns.append(re.escape(leaf).replace(r"\*", r"\w*"))
            else:
                self.leaves.add(leaf)

    def _add_aliases(self, alias: dict[str, str]) -> None:
        """Another spelling of something that matters matters too."""
        for old, new in alias.items():
            if new.rpartition(".")[2] in self.leaves:
                self.leaves.add(old.rpartition(".")[2])

    def in_leaf(self, leaf: str) -> bool:
        """Whether calls of something with this last name are worth resolving."""
        if leaf in self.leaves:
            return True
        known = self._seen.get(leaf)
        if known is None:
            known = self._seen[leaf] = self._pattern.fullmatch(leaf) is not None
        return known
