"""Settings as the TOML that would ask for them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ..nouns.settings import Settings

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LISTS = ("select", "ignore", "exclude", "catalog", "rules")
_PLAIN = (
    "fail_on", "minimum_confidence", "preview", "opinions", "include_tests", "system", "baseline",
    "max_file_bytes",
)  # fmt: skip


def text_of(settings: Settings) -> str:
    """The merged settings, with the files that they come from; what says nothing is left out, paths are from `root`."""
    return "".join(f"{line}\n" for line in _lines(settings))


def _lines(settings: Settings) -> Iterator[str]:
    for origin in settings.origins:
        yield f"# from {origin}"
    if not settings.origins:
        yield "# no settings file, built-in defaults"
    for one in settings.inner:
        yield f"# {os.path.relpath(one.folder)} has its own: staff-review config show {os.path.relpath(one.folder)}"
    for name in _LISTS:
        if values := getattr(settings, name):
            yield f"{_key(name)} = {_value([_short(value, settings) for value in values])}"
    for name in _PLAIN:
        value = getattr(settings, name)
        if value not in ("", None):
            yield f"{_key(name)} = {_value(_short(value, settings))}"
    if settings.fix_timeout is not None:
        yield f'fix-timeout = "{settings.fix_timeout:g}s"'
    tables: dict[str, dict[str, Any]] = {
        "severity": dict(settings.severity),
        "per-path": {one.pattern: list(one.ignore) for one in settings.per_path},
        "scale": {key: value for key, value in msgspec.structs.asdict(settings.scale).items() if value is not None}
        if settings.scale
        else {},
    }
    for table, rows in tables.items():
        if rows:
            yield f"\n[{table}]"
            yield from (f"{_quoted(key)} = {_value(value)}" for key, value in rows.items())


def _short(value: object, settings: Settings) -> object:
    """A path below the root, from there."""
    below = os.path.join(settings.root, "")
    return value[len(below) :] if isinstance(value, str) and value.startswith(below) else value


def _key(name: str) -> str:
    return name.replace("_", "-")


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    # JSON writes these as TOML does, except for one control character that it leaves alone.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
