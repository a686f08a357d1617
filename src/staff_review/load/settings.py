"""The user's settings: the nearest `staff-review.toml`, or `pyproject.toml` with our table, and what overrides it."""

from __future__ import annotations

import glob
import math
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ..errors import UsageError
from ..rulebook import Rulebook
from ..settings import Confidence, PathSettings, Scale, Settings, Severity
from .git import repository_of
from .regular import contents
from .toml import Document, decoded, document_of, mistake, nearest
from .walk import spec_of

_OWN_FILE = "staff-review.toml"
_SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "staff-review")
_MOST_BYTES = 1_000_000
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class _PathTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ignore: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The settings as a user writes them; the defaults are those of `Settings`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity | msgspec.UnsetType = msgspec.UNSET
    minimum_confidence: Confidence | msgspec.UnsetType = msgspec.UNSET
    preview: bool | msgspec.UnsetType = msgspec.UNSET
    opinions: bool | msgspec.UnsetType = msgspec.UNSET
    include_tests: bool | msgspec.UnsetType = msgspec.UNSET
    catalog: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    max_file_bytes: int | msgspec.UnsetType = msgspec.UNSET
    fix_timeout: str | msgspec.UnsetType = msgspec.UNSET
    severity: dict[str, Severity] = {}
    per_path: dict[str, tuple[str, ...] | _PathTable] = {}
    scale: Scale | None = None


def settings_of(start: str, overrides: Mapping[str, Any] | None = None, file: str = "") -> Settings:
    """The settings that govern `start`, a file or folder; raises UsageError for any mistake in them.

    `overrides` are fields of `Settings`; None leaves one alone. `file` names a settings file instead of the nearest.
    `root` comes out absolute: the settings' folder, else the git root, else the folder of `start`. So do the patterns
    of `catalog` and `rules`.
    """
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    found = _named(file) if file else _nearest(folder)
    settings = _settings_from(*found) if found else Settings(root=repository_of(folder) or folder)
    wishes = {name: value for name, value in (overrides or {}).items() if value is not None}
    return msgspec.structs.replace(settings, **wishes)


def check_rule_ids(settings: Settings, rulebook: Rulebook) -> None:
    """Raise UsageError, with file and line, for a name in the settings that is neither a rule nor a family."""
    families = {rule.family for rule in rulebook.rules.values()}
    ids = {*rulebook.rules, *(former for rule in rulebook.rules.values() for former in rule.was)}
    _check(settings, ("select",), settings.select, ids | families, "a rule or family")
    _check(settings, ("ignore",), settings.ignore, ids | families, "a rule or family")
    _check(settings, ("severity",), settings.severity, ids, "a rule")
    for entry in settings.per_path:
        _check(settings, ("per-path", entry.pattern), entry.ignore, ids | families, "a rule or family")


def _check(settings: Settings, steps: tuple[str, ...], names: Iterable[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            said = f"`{name}` in `{steps[0]}` is not {what}{_near(name, known)}"
            raise _mistake_in(settings.origin, (*steps, name), said)


def _near(name: str, known: set[str]) -> str:
    hint = nearest(name, known)
    return hint if hint.endswith("?") else "; `staff-review rules` lists them"


def _mistake_in(origin: str, steps: tuple[str, ...], said: str) -> UsageError:
    """A mistake in the settings file, or on the command line when the file does not say such a thing."""
    try:
        document = document_of(origin) if origin else None
    except UsageError:
        document = None
    if document is None or steps[-1] not in document.text:
        return UsageError(said)
    return mistake(document, (*_inside(document), *steps), said)


def _nearest(folder: str) -> tuple[Document, tuple[str, ...]] | None:
    """The settings file at or above `folder`, not above its git root, and the table in it that is ours."""
    while True:
        own = os.path.join(folder, _OWN_FILE)
        if os.path.isfile(own):
            return document_of(own), ()
        shared = os.path.join(folder, _SHARED_FILE)
        if _mentions_us(shared):
            document = document_of(shared)
            if inside := _inside(document):
                return document, inside
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _mentions_us(path: str) -> bool:
    """Whether a shared file may hold our table; when it does not, its mistakes are nothing to us."""
    try:
        return _TABLE[-1].encode() in contents(path, _MOST_BYTES)
    except OSError:
        return False


def _named(file: str) -> tuple[Document, tuple[str, ...]]:
    document = document_of(os.path.abspath(file))
    if os.path.basename(file) != _SHARED_FILE:
        return document, ()
    inside = _inside(document)
    if not inside:
        raise UsageError(f"{file} has no table `[tool.staff-review]`; add one, or name another file")
    return document, inside


def _inside(document: Document) -> tuple[str, ...]:
    """The steps to our table in a shared file; none for a file of our own, or when it is not there."""
    tools = document.table.get(_TABLE[0])
    shared = os.path.basename(document.path) == _SHARED_FILE
    return _TABLE if shared and isinstance(tools, dict) and _TABLE[1] in tools else ()


def _settings_from(document: Document, inside: tuple[str, ...]) -> Settings:
    if not inside and _TABLE[0] in document.table:
        raise mistake(document, _TABLE[:1], "`[tool.staff-review]` is for pyproject.toml: leave that line out")
    said = decoded(document, _File, inside)
    _check_values(said, document, inside)
    root = os.path.dirname(os.path.abspath(document.path))
    here = glob.escape(root)
    plain = ("fail_on", "minimum_confidence", "preview", "opinions", "include_tests", "max_file_bytes")
    given = {name: value for name in plain if (value := getattr(said, name)) is not msgspec.UNSET}
    return Settings(
        root=root,
        origin=document.path,
        select=said.select,
        ignore=said.ignore,
        exclude=said.exclude,
        severity=said.severity,
        per_path=tuple(PathSettings(pattern, _ignored(rules)) for pattern, rules in said.per_path.items()),
        scale=said.scale,
        catalog=tuple(os.path.join(here, pattern) for pattern in said.catalog),
        rules=tuple(os.path.join(here, pattern) for pattern in said.rules),
        fix_timeout=_seconds(said.fix_timeout) if said.fix_timeout is not msgspec.UNSET else None,
        **given,
    )


def _seconds(text: str) -> float | None:
    """The seconds of a duration above 0; None for anything else."""
    found = _DURATION.fullmatch(text.strip())
    return (float(found[1]) * _UNITS[found[2]] or None) if found else None


def _ignored(rules: tuple[str, ...] | _PathTable) -> tuple[str, ...]:
    return rules.ignore if isinstance(rules, _PathTable) else rules


def _check_values(said: _File, document: Document, inside: tuple[str, ...]) -> None:
    """Raise UsageError for values of the right type that make no sense."""
    if said.max_file_bytes is not msgspec.UNSET and said.max_file_bytes <= 0:
        raise mistake(document, (*inside, "max-file-bytes"), "`max-file-bytes` must be above 0")
    if said.fix_timeout is not msgspec.UNSET and _seconds(said.fix_timeout) is None:
        what = f"`fix-timeout` is `{said.fix_timeout}`; write a number and its unit, `5s`, `250ms` or `1m`"
        raise mistake(document, (*inside, "fix-timeout"), what)
    for name in said.scale.__struct_fields__ if said.scale else ():
        value: float = getattr(said.scale, name)
        if not (value > 0 and math.isfinite(value)):
            raise mistake(document, (*inside, "scale", name), f"`scale.{name}` must be a number above 0")
    for key, patterns in (("exclude", said.exclude), ("per-path", said.per_path)):
        _, refused = spec_of(patterns)
        if refused:
            what = f"`{refused[0]}` in `{key}` is not a pattern that git would understand, or one too costly to match"
            raise mistake(document, (*inside, key, refused[0]), what)
