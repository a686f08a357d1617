"""The user's settings: every `staff-review.toml`, or `pyproject.toml` with our table, that governs what is reviewed."""

from __future__ import annotations

import glob
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import msgspec

from ..nouns.errors import UsageError
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Confidence, PathSettings, Scale, Settings, Severity
from .baseline import NAME as BASELINE_NAME
from .git import repository_of
from .nested import SHARED_FILE, TABLE, above, below, inside
from .patterns import rebased, spec_of
from .toml import Document, decoded, document_of, mistake, nearest

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_PLAIN = ("fail_on", "minimum_confidence", "preview", "opinions", "include_tests", "system", "max_file_bytes")


class PathTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds below paths of one pattern."""

    ignore: tuple[str, ...] = ()


class SettingsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The settings as a user writes them; the defaults are those of `Settings`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity | msgspec.UnsetType = msgspec.UNSET
    minimum_confidence: Confidence | msgspec.UnsetType = msgspec.UNSET
    preview: bool | msgspec.UnsetType = msgspec.UNSET
    opinions: bool | msgspec.UnsetType = msgspec.UNSET
    include_tests: bool | msgspec.UnsetType = msgspec.UNSET
    system: bool | msgspec.UnsetType = msgspec.UNSET
    baseline: str | msgspec.UnsetType = msgspec.UNSET
    catalog: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    max_file_bytes: int | msgspec.UnsetType = msgspec.UNSET
    fix_timeout: str | msgspec.UnsetType = msgspec.UNSET
    severity: dict[str, Severity] = {}
    per_path: dict[str, tuple[str, ...] | PathTable] = {}
    scale: Scale | None = None


def settings_of(
    start: str,
    overrides: Mapping[str, Any] | None = None,
    file: str = "",
    *,
    skipped: Callable[[str], bool] | None = None,
) -> Settings:
    """The settings that govern `start`, a file or folder, and those of folders inside it; raises UsageError.

    `overrides` are fields of `Settings`; None leaves one alone, and what they ignore adds up. `file` names the one
    settings file to read. `skipped` tells whose settings below `start` do not matter. `root` comes out absolute: the
    folder of the outermost file, else the git root, else the folder of `start`. So do `catalog`, `rules`, `baseline`.
    """
    folder = os.path.realpath(start) if os.path.isdir(start) else os.path.realpath(os.path.dirname(start) or ".")
    documents = [_named(file)] if file else above(folder)
    top = reduce(_with, documents, Settings(root=repository_of(folder) or folder))
    if not file and os.path.isdir(start):
        top = msgspec.structs.replace(top, inner=_inner(top, below(folder, skipped or _never)))
    if not any("baseline" in _table(document) for document in documents):
        usual = os.path.join(top.root, BASELINE_NAME)
        top = msgspec.structs.replace(top, baseline=usual if os.path.isfile(usual) else "")
    wishes = {name: value for name, value in (overrides or {}).items() if value is not None}
    inner = tuple(_wished(one, wishes) for one in top.inner)
    return msgspec.structs.replace(_wished(top, wishes), inner=inner)


def _wished(settings: Settings, wishes: Mapping[str, Any]) -> Settings:
    added = {"ignore": (*settings.ignore, *wishes["ignore"])} if "ignore" in wishes else {}
    return msgspec.structs.replace(settings, **{**wishes, **added})


def _inner(top: Settings, documents: list[Document]) -> tuple[Settings, ...]:
    """The settings of inner folders, each on top of those around it."""
    found: list[Settings] = []
    for document in documents:
        folder = os.path.dirname(document.path)
        around = [one for one in found if folder.startswith(one.folder.rstrip(os.sep) + os.sep)]
        if not _is_excluded(top, folder):
            settings = _with(around[-1] if around else top, document)
            found.append(msgspec.structs.replace(settings, folder=folder, inner=()))
    return tuple(found)


def _is_excluded(settings: Settings, folder: str) -> bool:
    name = os.path.relpath(folder, settings.root).replace(os.sep, "/")
    return spec_of(settings.exclude)[0].covers(f"{name}/")


def _never(_name: str) -> bool:
    return False


def check_rule_ids(settings: Settings, rulebook: Rulebook) -> None:
    """Raise UsageError, with file and line, for a name in the settings that is neither a rule nor a family."""
    families = {rule.family for rule in rulebook.rules.values()}
    ids = {*rulebook.rules, *(former for rule in rulebook.rules.values() for former in rule.was)}
    for one in (settings, *settings.inner):
        _check(one, ("select",), one.select, ids | families, "a rule or family")
        _check(one, ("ignore",), one.ignore, ids | families, "a rule or family")
        _check(one, ("severity",), one.severity, ids, "a rule")
        for entry in one.per_path:
            _check(one, ("per-path", entry.pattern), entry.ignore, ids | families, "a rule or family")


def _check(settings: Settings, steps: tuple[str, ...], names: Iterable[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            said = f"`{name}` in `{steps[0]}` is not {what}{_near(name, known)}"
            raise _mistake_in(settings, (*steps, name), said)


def _near(name: str, known: set[str]) -> str:
    hint = nearest(name, known)
    return hint if hint.endswith("?") else "; `staff-review rules` lists them"


def _mistake_in(settings: Settings, steps: tuple[str, ...], said: str) -> UsageError:
    """A mistake in the nearest settings file that says such a thing, or on the command line when none does."""
    for origin in reversed(settings.origins):
        try:
            document = document_of(origin)
        except UsageError:
            continue  # it was readable a moment ago, when it was merged
        if steps[-1] in document.text:
            return mistake(document, (*inside(document), *steps), said)
    return UsageError(said)


def _named(file: str) -> Document:
    document = document_of(os.path.abspath(file))
    if os.path.basename(file) == SHARED_FILE and not inside(document):
        raise UsageError(f"{file} has no table `[tool.staff-review]`; add one, or name another file")
    return document


def _table(document: Document) -> dict[str, Any]:
    """Our table as it is written."""
    table: Any = document.table
    for step in inside(document):
        table = table[step]
    return dict(table)


def _with(around: Settings, document: Document) -> Settings:
    """The settings of one file on top of those around it: lists add up, except `select`; other values win."""
    steps = inside(document)
    if not steps and TABLE[0] in document.table:
        raise mistake(document, TABLE[:1], "`[tool.staff-review]` is for pyproject.toml: leave that line out")
    said = decoded(document, SettingsFile, steps)
    _check_values(said, document, steps)
    folder = os.path.dirname(document.path)
    root = around.root if around.origins else folder
    below_root = os.path.relpath(folder, root).replace(os.sep, "/")
    here = glob.escape(folder)
    given = {name: value for name in _PLAIN if (value := getattr(said, name)) is not msgspec.UNSET}
    if said.baseline is not msgspec.UNSET:
        given["baseline"] = os.path.join(folder, said.baseline) if said.baseline else ""
    if said.fix_timeout is not msgspec.UNSET:
        given["fix_timeout"] = _seconds(said.fix_timeout)
    own = [PathSettings(rebased(pattern, below_root), _ignored(rules)) for pattern, rules in said.per_path.items()]
    return msgspec.structs.replace(
        around,
        root=root,
        origin=document.path,
        origins=(*around.origins, document.path),
        select=said.select or around.select,
        ignore=(*around.ignore, *said.ignore),
        exclude=(*around.exclude, *(rebased(pattern, below_root) for pattern in said.exclude)),
        severity={**around.severity, **said.severity},
        per_path=(*around.per_path, *own),
        scale=_scale(around.scale, said.scale, _table(document).get("scale", {})),
        catalog=(*around.catalog, *(os.path.join(here, pattern) for pattern in said.catalog)),
        rules=(*around.rules, *(os.path.join(here, pattern) for pattern in said.rules)),
        **given,
    )


def _scale(around: Scale | None, said: Scale | None, keys: Iterable[str]) -> Scale | None:
    """The scale around with what is said here."""
    if said is None or around is None:
        return said or around
    return msgspec.structs.replace(around, **{key: getattr(said, key) for key in keys})


def _seconds(text: str) -> float | None:
    """The seconds of a duration above 0; None for anything else."""
    found = _DURATION.fullmatch(text.strip())
    return (float(found[1]) * _UNITS[found[2]] or None) if found else None


def _ignored(rules: tuple[str, ...] | PathTable) -> tuple[str, ...]:
    return rules.ignore if isinstance(rules, PathTable) else rules


def _check_values(said: SettingsFile, document: Document, steps: tuple[str, ...]) -> None:
    """Raise UsageError for values of the right type that make no sense."""
    if said.max_file_bytes is not msgspec.UNSET and said.max_file_bytes <= 0:
        raise mistake(document, (*steps, "max-file-bytes"), "`max-file-bytes` must be above 0")
    if said.fix_timeout is not msgspec.UNSET and _seconds(said.fix_timeout) is None:
        what = f"`fix-timeout` is `{said.fix_timeout}`; write a number and its unit, `5s`, `250ms` or `1m`"
        raise mistake(document, (*steps, "fix-timeout"), what)
    for name in said.scale.__struct_fields__ if said.scale else ():
        value: float | None = getattr(said.scale, name)
        if value is not None and not (value > 0 and math.isfinite(value)):
            raise mistake(document, (*steps, "scale", name), f"`scale.{name}` must be a number above 0")
    for key, patterns in (("exclude", said.exclude), ("per-path", said.per_path)):
        _, refused = spec_of(patterns)
        if refused:
            what = f"`{refused[0]}` in `{key}` is not a pattern that git would understand, or one too costly to match"
            raise mistake(document, (*steps, key, refused[0]), what)
