"""Which default holds: the version in use decides, the newest one when nobody says."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from packaging.version import InvalidVersion, Version

from ...nouns.acts import Since
from ...nouns.libraries import Until


class VersionRange(msgspec.Struct, frozen=True):
    """The versions of a package that may be installed, as texts; None where that side is open."""

    lower: str | None = None
    upper: str | None = None
    upper_included: bool = False


class Versions:
    """Picks defaults by version. `known(package, path)` tells the range that governs a file, or None."""

    def __init__(self, known: Callable[[str, str], VersionRange | None]) -> None:
        self._known = known

    def default(self, stated: str | tuple[Until, ...], package: str, path: str = "") -> tuple[str, bool]:
        """The default as text, and whether every version that may be in use agrees."""
        if isinstance(stated, str):
            return stated, True
        value, certain = self.value(stated, package, path)
        return str(value), certain

    def value(self, stated: tuple[Since, ...], package: str, path: str = "") -> tuple[str | float, bool]:
        """The default among those by version, and whether every version that may be in use agrees."""
        newest = next((entry.value for entry in stated if entry.below is None), stated[-1].value)
        found = self._known(package, path) if package else None
        if found is None:
            return newest, False
        lower, upper = _parsed(found.lower), _parsed(found.upper)
        at_lower = _value_at(stated, lower, newest) if lower is not None else None
        included = found.upper_included
        at_upper = _value_at(stated, upper, newest, included=included) if upper is not None else newest
        if at_lower is None:
            return at_upper, False
        return at_lower if at_lower == at_upper else at_upper, at_lower == at_upper


def _parsed(text: str | None) -> Version | None:
    if text is None:
        return None
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _value_at(
    stated: tuple[Since, ...], version: Version, newest: str | float, *, included: bool = True
) -> str | float:
    for entry in sorted((e for e in stated if e.below is not None), key=lambda e: Version(e.below or "0")):
        below = Version(entry.below or "0")
        if version < below or (version == below and not included):
            return entry.value
    return newest
