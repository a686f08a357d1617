"""Settings by name: env files, properties, and configuration in YAML, TOML and JSON, flattened to dotted names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.deployment import Setting
from ...nouns.findings import Gap
from ..toml import table_in
from .listing import Found, at
from .yaml import BrokenYamlError, Node, documents

_LINE = re.compile(r"\s*(?:export\s+|set\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*?)\s*$")
_HOLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|([A-Za-z_]\w*))")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_MOST = 5_000
_DEEP = 12
_MOST_NODES = 50_000


def env_settings(file: Found, text: str) -> tuple[Setting, ...]:
    """``NAME=value`` lines; comments and quotes taken off."""
    found: list[Setting] = []
    for number, line in enumerate(text.splitlines(), 1):
        matched = None if line.lstrip().startswith(("#", "!", "[", ";")) else _LINE.match(line)
        if matched is not None:
            found.append(Setting(matched[1], unquoted(matched[2]), at(file.path, number)))
    return tuple(found[:_MOST])


def unquoted(text: str) -> str:
    """A value without its quotes, and without the comment behind it."""
    end = text.find(text[0], 1) if text[:1] in ("'", '"') else -1
    if end > 0:
        return text[1:end]
    return text.split(" #", 1)[0].strip() if " #" in text else text


def interpolated(text: str, known: dict[str, str]) -> str:
    """``$NAME`` and ``${NAME:-default}`` filled from what is known; the rest stays as it is."""

    def fill(found: re.Match[str]) -> str:
        name = found[1] or found[4]
        if known.get(name):
            return known[name]
        return found[3] if found[3] and found[2] in ("-", ":-") else found[0]

    return _HOLE.sub(fill, text).replace("$$", "$")


def configured(file: Found, text: str) -> tuple[Setting, ...] | Gap:
    """The scalars of a configuration file by dotted name, or why it cannot be read."""
    suffix = file.name.rpartition(".")[2].lower()
    if suffix in ("properties", "env", "ini", "cfg"):
        return env_settings(file, text)
    if suffix == "toml":
        return _from_toml(file, text)
    try:  # JSON is YAML
        roots = documents(text)
    except BrokenYamlError as error:
        return Gap(file.path, error.line, error.reason)
    return tuple(setting for root in roots for setting in _flat(file, root))[:_MOST]


def _flat(file: Found, root: Node) -> list[Setting]:
    """Scalars by dotted name; nodes are counted, since aliases may make one node thousands."""
    found: list[Setting] = []
    waiting: list[tuple[Node, str, int]] = [(root, "", 0)]
    visited = 0
    while waiting and visited < _MOST_NODES:
        node, name, depth = waiting.pop()
        visited += 1
        if node.kind == "text":
            if node.text and name:
                found.append(Setting(name, node.text, at(file.path, node.line)))
        elif depth < _DEEP:
            inner = [(value, f"{name}.{key}" if name else key, depth + 1) for key, value in node.members()]
            inner += [(item, name, depth + 1) for item in node.items]
            waiting += reversed(inner)
    return found


def _from_toml(file: Found, text: str) -> tuple[Setting, ...] | Gap:
    try:
        table = table_in(text)
    except RecursionError:
        return Gap(file.path, 1, "nested deeper than configuration is")
    except ValueError as error:
        line, said = _AT_LINE.search(str(error)), _AT_LINE.sub("", str(error))
        return Gap(file.path, int(line[1]) if line is not None else 1, f"not valid TOML: {said}")
    lines = text.splitlines()

    def walk(value: object, name: str, depth: int) -> Iterator[Setting]:
        if isinstance(value, dict) and depth < _DEEP:
            for key, inner in value.items():
                yield from walk(inner, f"{name}.{key}" if name else str(key), depth + 1)
        elif isinstance(value, list) and depth < _DEEP:
            for inner in value:
                yield from walk(inner, name, depth + 1)
        elif isinstance(value, (str, int)):
            last = name.rpartition(".")[2]
            line = next((number for number, one in enumerate(lines, 1) if one.lstrip().startswith(last)), 1)
            yield Setting(name, str(value), at(file.path, line))

    return tuple(walk(table, "", 0))[:_MOST]
