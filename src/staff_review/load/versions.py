"""Which version of each package is in use, as the lock files and manifests above a file say."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..nouns.findings import Gap
from .manifests import Pins, bounds_of, included, locked, pipfile_locked, project, required
from .regular import why
from .texts import DISK, Texts

_LOCK_BYTES = 20_000_000
_MANIFEST_BYTES = 1_000_000
_MOST_INCLUDES = 50
_LONGEST_REASON = 200
_LOCKS: dict[str, Callable[[str], Pins]] = {
    "uv.lock": locked,
    "poetry.lock": locked,
    "pdm.lock": locked,
    "pylock.toml": locked,
    "Pipfile.lock": pipfile_locked,
}
_FOR_DEVELOPERS = ("dev", "test", "doc", "lint", "ci", "build")


class VersionKnown(msgspec.Struct, frozen=True):
    """A package's version: `exact`, or bounds (each may be unknown), and the file that says so.

    The lower bound is included, the upper one only with `upper_included`.
    """

    origin: str
    exact: str | None = None
    lower: str | None = None
    upper: str | None = None
    upper_included: bool = False

    def below(self, version: str) -> bool | None:
        """Whether the version in use is certainly below `version`, certainly not, or None when that is open."""
        wanted = _version(version)
        if wanted is None:
            return None
        if self.exact is not None:
            exact = _version(self.exact)
            return None if exact is None else exact < wanted
        lower, upper = _version(self.lower), _version(self.upper)
        if lower is not None and lower >= wanted:
            return False
        if upper is not None and (upper < wanted or (upper == wanted and not self.upper_included)):
            return True
        return None

    @property
    def text(self) -> str:
        """The version as a specifier: "==5.0.1", ">=4,<6", "" when nothing is known of it."""
        if self.exact is not None:
            return f"=={self.exact}"
        upper = f"<{'=' if self.upper_included else ''}{self.upper}" if self.upper else ""
        return ",".join(part for part in (f">={self.lower}" if self.lower else "", upper) if part)

    def allows(self, version: str) -> bool:
        """Whether `version` lies within the bounds."""
        return SpecifierSet(self.text).contains(version, prereleases=True)


Table = dict[str, VersionKnown]


class Versions:
    """The tables of one project, by folder; each folder is looked at once."""

    def __init__(self, root: str, texts: Texts = DISK) -> None:
        self._root = os.path.abspath(root)
        self._texts = texts
        self._tables: dict[str, Table] = {}
        self._gaps: dict[str, Gap] = {}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The files that could not be understood so far."""
        return tuple(self._gaps[path] for path in sorted(self._gaps))

    def above(self, file: str) -> Table:
        """Package (normalised as PEP 503 does) to version, for a source file: the nearest folder that knows it wins.

        A lock further up still makes a nearer bound exact, as the lock of a workspace does for its members.
        """
        folder = os.path.dirname(os.path.abspath(file))
        return self._at(folder if _is_below(folder, self._root) else self._root)

    def _at(self, folder: str) -> Table:
        pending: list[str] = []
        while folder not in self._tables:
            pending.append(folder)
            if folder == self._root:
                break
            folder = os.path.dirname(folder)
        table = self._tables.get(folder, {})
        for one in reversed(pending):
            own = self._read(one)
            table = _nearer_first(own, table) if own else table
            self._tables[one] = table
        return table

    def _read(self, folder: str) -> Table:
        """What the files of one folder say, locks before requirements before declarations."""
        names = self._texts.names(folder)
        table: Table = {}
        for name in sorted(names & _LOCKS.keys()):
            path = os.path.join(folder, name)
            table = _nearer_first(table, self._table(path, self._text(path, _LOCK_BYTES), _LOCKS[name]))
        listed = [os.path.join(folder, name) for name in names if _is_requirements(name)]
        if "requirements" in names:
            inner = os.path.join(folder, "requirements")
            listed += [os.path.join(inner, name) for name in self._texts.names(inner) if name.endswith(".txt")]
        for path in sorted(listed, key=_weight):
            table = _nearer_first(table, self._required(path))
        if "pyproject.toml" in names:
            path = os.path.join(folder, "pyproject.toml")
            table = _nearer_first(table, self._table(path, self._text(path, _MANIFEST_BYTES), project))
        return table

    def _required(self, path: str) -> Table:
        """A requirements file with the files it includes, the including one first."""
        table: Table = {}
        waiting, seen = [path], {path}
        while waiting:
            current = waiting.pop(0)
            text = self._text(current, _MANIFEST_BYTES)
            table = _nearer_first(table, self._table(current, text, required))
            for name in included(text):
                target = os.path.normpath(os.path.join(os.path.dirname(current), name))
                inside = _is_below(target, self._root) and "://" not in name
                if inside and target not in seen and len(seen) < _MOST_INCLUDES:
                    seen.add(target)
                    waiting.append(target)
        return table

    def _text(self, path: str, limit: int) -> str:
        """What a file holds, nothing where it cannot be read."""
        try:
            return self._texts.contents(path, limit).decode("utf-8-sig")
        except OSError as error:
            self._gap(path, f"versions not read: {why(error)}")
        except UnicodeDecodeError:
            self._gap(path, "versions not read: not UTF-8")
        return ""

    def _table(self, path: str, text: str, pins_in: Callable[[str], Pins]) -> Table:
        """The versions that the text of one file gives."""
        together: dict[str, list[SpecifierSet]] = {}
        try:
            for name, specifier in pins_in(text) if text else ():
                together.setdefault(name, []).append(specifier)
        except (ValueError, RecursionError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._gap(path, f"versions not read: {said[:_LONGEST_REASON]}")
            return {}
        origin = os.path.relpath(path, self._root).replace(os.sep, "/")
        return {name: VersionKnown(origin, *bounds_of(specifiers)) for name, specifiers in together.items()}

    def _gap(self, path: str, reason: str) -> None:
        try:
            shown = os.path.relpath(path)
        except (OSError, ValueError):  # no working directory, or another drive
            shown = path
        text = os.fsencode(shown).decode("utf-8", "backslashreplace").replace(os.sep, "/")
        self._gaps[path] = Gap(text, 0, reason)


def versions_of(root: str) -> tuple[Table, tuple[Gap, ...]]:
    """The versions that the folder `root` itself locks or declares, and the files there that were not understood."""
    versions = Versions(root)
    return versions.above(os.path.join(root, "_")), versions.gaps


def plain(table: Table) -> dict[str, str]:
    """Package to specifier, for who needs no more; packages without any bound are left out."""
    return {name: known.text for name, known in table.items() if known.text}


def _nearer_first(near: Table, far: Table) -> Table:
    """Two tables in one: the near one wins, but an exact version further off decides within its bounds."""
    merged = dict(far)
    for name, known in near.items():
        other = far.get(name)
        decides = known.exact is None and other is not None and other.exact is not None and known.allows(other.exact)
        if not decides:
            merged[name] = known
    return merged


def _is_requirements(name: str) -> bool:
    return name.endswith(".txt") and name.startswith(("requirements", "constraints"))


def _weight(path: str) -> tuple[bool, bool, str]:
    """What runs in production first, what only developers need last."""
    name = os.path.basename(path).lower()
    return name.startswith("constraints"), any(word in name for word in _FOR_DEVELOPERS), path


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _version(text: str | None) -> Version | None:
    try:
        return None if text is None else Version(text)
    except InvalidVersion:
        return None
