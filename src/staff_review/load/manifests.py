"""What one lock file or manifest says about the versions of packages; a broken file is a ValueError."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .toml import table_in

_LOCK_HEAD = re.compile(r"^(?:version|lock-version|revision|requires-python) ?=|^\[", re.MULTILINE)
_LOCKED = re.compile(r"""^(name|version) ?= ?["']([^"'\n]+)["']""", re.MULTILINE)
_CARET = re.compile(r"^[\^~]\s*v?(\d+(?:\.\d+)*)$")
_INCLUDED = re.compile(r"^(?:-r|--requirement|-c|--constraint)[ \t=]*(\S+)", re.MULTILINE)
_DIGITS = 9

Pins = Iterator[tuple[str, SpecifierSet]]


def locked(text: str) -> Pins:
    """uv.lock, poetry.lock, pdm.lock, pylock.toml: each `[[package]]` with its version.

    A scan, not a parse: these files are written by machines, and reach megabytes that would cost a second to parse.
    """
    if text.strip() and not _LOCK_HEAD.search(text):
        raise ValueError("not a lock file")
    for chunk in re.split(r"^\[\[packages?\]\]", text, flags=re.MULTILINE)[1:]:
        said = dict(_LOCKED.findall(chunk.split("\n[", 1)[0]))
        if "name" in said and "version" in said:
            yield from _exact(said["name"], said["version"])


def pipfile_locked(text: str) -> Pins:
    """Pipfile.lock: JSON with a table of packages under "default" and "develop"."""
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from error
    for part in ("default", "develop"):
        table = document.get(part) if isinstance(document, dict) else None
        for name, said in table.items() if isinstance(table, dict) else ():
            version = said.get("version") if isinstance(said, dict) else None
            if isinstance(version, str):
                yield from _declared(name, version)


def required(text: str) -> Pins:
    """requirements.txt: one requirement a line, with options, comments and continued lines."""
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        bare = line.replace("\t", " ").split(" #", 1)[0].split(" --", 1)[0].strip()
        if bare and not bare.startswith(("#", "-")):
            yield from _requirement(bare)


def included(text: str) -> list[str]:
    """The files that a requirements file takes in with ``-r`` or ``-c``, as written there."""
    return _INCLUDED.findall(text)


def project(text: str) -> Pins:
    """pyproject.toml: the standard's dependencies, groups and extras, and poetry's and pdm's own tables."""
    document = table_in(text)
    standard = _table(document, "project")
    lists: list[Any] = [standard.get("dependencies")]
    lists += _table(standard, "optional-dependencies").values()
    lists += _table(document, "dependency-groups").values()
    tools = _table(document, "tool")
    lists += _table(tools, "pdm", "dev-dependencies").values()
    lists.append(_table(tools, "uv").get("dev-dependencies"))
    for listed in lists:
        for line in listed if isinstance(listed, list) else ():
            if isinstance(line, str):
                yield from _requirement(line)
    poetry = _table(tools, "poetry")
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [_table(group, "dependencies") for group in _table(poetry, "group").values() if isinstance(group, dict)]
    for table in tables:
        for name, said in table.items():
            if name != "python":
                yield from _poetry(name, said)


def _table(document: dict[str, Any], *steps: str) -> dict[str, Any]:
    for step in steps:
        inner = document.get(step)
        if not isinstance(inner, dict):
            return {}
        document = inner
    return document


def _poetry(name: str, said: object) -> Pins:
    """Poetry's value: a constraint, a table with one, or a list of such tables."""
    for one in said if isinstance(said, list) else [said]:
        version = one.get("version") if isinstance(one, dict) else one
        if isinstance(version, str):
            yield from _declared(name, ",".join(_without_caret(part.strip()) for part in version.split(",")))
        else:
            yield canonicalize_name(name), SpecifierSet()


def _without_caret(part: str) -> str:
    """Poetry's ``^1.2`` and ``~1.2`` as bounds; a bare version is exact, a star is anything."""
    if part in ("*", ""):
        return ""
    found = _CARET.match(part)
    if not found:
        return part if part[0] in "<>=!~" else f"=={part}"
    numbers = [int(number) for number in found[1].split(".")[:6] if len(number) <= _DIGITS]
    if part[0] == "^":
        kept = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        kept = min(1, len(numbers) - 1)
    above = [*numbers[:kept], numbers[kept] + 1] if numbers else [1]
    return f">={found[1]},<{'.'.join(map(str, above))}"


def _exact(name: str, version: str) -> Pins:
    try:
        yield canonicalize_name(name), SpecifierSet(f"=={Version(version).public}")
    except (InvalidVersion, InvalidSpecifier):
        return


def _declared(name: str, specifier: str) -> Pins:
    try:
        yield canonicalize_name(name), SpecifierSet(specifier)
    except InvalidSpecifier:
        yield canonicalize_name(name), SpecifierSet()  # in use, in a version we cannot tell


def _requirement(line: str) -> Pins:
    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return  # a path, an address or a template: it names no package that we could look up
    yield canonicalize_name(wanted.name), wanted.specifier


def bounds_of(specifiers: Iterable[SpecifierSet]) -> tuple[str | None, str | None, str | None, bool]:
    """What several requirements of one package leave possible: exact, lower, upper, whether the upper is included."""
    ranges = [_bounds(specifier) for specifier in specifiers]
    lows = [low for low, _, _ in ranges]
    highs = [(high, included) for _, high, included in ranges]
    low = min((one for one in lows if one is not None), default=None) if None not in lows else None
    known = [(high, included) for high, included in highs if high is not None]
    high, included = max(known, default=(None, False)) if len(known) == len(highs) else (None, False)
    if low is not None and low == high and included:
        return str(low), None, None, False
    return None, None if low is None else str(low), None if high is None else str(high), included


def _bounds(specifiers: SpecifierSet) -> tuple[Version | None, Version | None, bool]:
    """The lowest version, the highest, and whether that one is included."""
    low: Version | None = None
    high: Version | None = None
    included = False
    for one in specifiers:
        try:
            below, above, closed = _bound(one.operator, one.version)
        except InvalidVersion:
            continue
        if below is not None and (low is None or below > low):
            low = below
        if above is not None and (high is None or (above, closed) < (high, included)):
            high, included = above, closed
    return low, high, included


def _bound(operator: str, version: str) -> tuple[Version | None, Version | None, bool]:
    star = version.endswith(".*")
    base = Version(version.removesuffix(".*"))
    if operator in ("==", "===") and not star:
        return base, base, True
    if operator == "==":
        return base, _next(base.release), False
    if operator == "~=":
        return base, _next(base.release[:-1]), False
    if operator in (">=", ">"):
        return base, None, False
    if operator in ("<=", "<"):
        return None, base, operator == "<="
    return None, None, False


def _next(release: tuple[int, ...]) -> Version:
    return Version(".".join(map(str, (*release[:-1], release[-1] + 1))) if release else "1")
