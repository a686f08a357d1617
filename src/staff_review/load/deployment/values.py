"""Values of Terraform: texts, lists and mappings, each with the place where it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TypeAlias

from .yaml import BrokenYamlError, Node, documents

At: TypeAlias = tuple[str, int]
"""The path and line where a value is written."""
_HOLE = re.compile(r"\$\{\s*(\w+)\s*\}")
_LONGEST = 100_000
_DEEPEST = 12
MOST = 2_000
"""Items of a collection that are looked at."""


class Value(Node):
    """A value with the file it is written in; the empty one is not known."""

    __slots__ = ("path",)

    def __init__(self, kind: str, at: At, text: str = "") -> None:
        super().__init__(kind, at[1], text)
        self.path = at[0]


def settled_text(text: str, at: At) -> Value:
    """A text as a value."""
    return Value("text", at, text[:_LONGEST])


def address_of(prefix: str, kind: str, label: str, key: str = "") -> str:
    """The address of a resource, fit to stand where a host does."""
    return re.sub(r"[^\w.-]", "-", f"{prefix}{kind}.{label}{f'.{key}' if key else ''}")


def filled(text: str, entries: Node, at: At) -> Value:
    """A template with its ``${name}`` holes filled; what it was read from may be another file."""
    told = {name: value.text for name, value in entries.members()}
    return settled_text(_HOLE.sub(lambda hole: told.get(hole[1], ""), text), at)


def written(value: Node) -> str:
    """A value as it stands inside a text: lists and mappings as JSON."""
    return value.text if value.kind == "text" else json.dumps(_plain(value, 0))


def _plain(value: Node, depth: int) -> object:
    if value.kind == "text" or depth > _DEEPEST:
        return value.text
    if value.kind == "map":
        return {name: _plain(inner, depth + 1) for name, inner in value.members()}
    return [_plain(item, depth + 1) for item in value.items[:MOST]]


def entries_of(value: Node) -> list[tuple[Node, Node]]:
    """Keys and values of a collection, as ``for_each`` and ``for`` see them."""
    if value.kind == "map":
        return [(name, inner) for name, inner in value.pairs[:MOST]]
    return [(item, item) for item in value.items[:MOST]]


def parsed(value: Node) -> Node:
    """What a text of JSON or YAML holds, where a value is such a text."""
    if value.kind != "text" or "{" not in value.text:
        return value
    try:
        roots = documents(value.text)
    except BrokenYamlError:
        return value
    above = value.line - ("\n" not in value.text)  # the text of a heredoc begins on the next line
    return _moved(roots[0], value.path if isinstance(value, Value) else "", above) if roots else value


def _moved(root: Node, path: str, above: int) -> Value:
    """Values read from a text, at their places in the file around it."""
    whole = Value(root.kind, (path, root.line + above), root.text)
    waiting: list[tuple[Node, Node]] = [(root, whole)]
    while waiting:
        node, into = waiting.pop()
        for item in node.items:
            into.items.append(Value(item.kind, (path, item.line + above), item.text))
            waiting.append((item, into.items[-1]))
        for name, inner in node.pairs:
            value = Value(inner.kind, (path, inner.line + above), inner.text)
            into.pairs.append((settled_text(name.text, (path, name.line + above)), value))
            waiting.append((inner, value))
    return whole


def reached(value: Node, path: str) -> list[Node]:
    """Everything at a dotted path, through lists."""
    found = [value]
    for step in path.split(".") if path else ():
        found = [inner for one in found for inner in _one_by_one(parsed(one.get(step)))][:MOST]
    return found


def _one_by_one(value: Node) -> Iterable[Node]:
    return value.items if value.kind == "list" else [value] if value else ()


def followed(value: Node, steps: Iterable[str]) -> Node:
    """What several steps into a value lead to."""
    for step in steps:
        value = stepped(value, step)
    return value


def stepped(value: Node, step: str) -> Node:
    """A member of a mapping or an item of a list."""
    if value.kind == "list":
        index = int(step[:4]) if step.isdigit() else 0
        return value.items[index] if index < len(value.items) else value.get("")
    return value.get(step)


def entry_of(key: Node, item: Node) -> Node:
    """What ``each`` is for one item."""
    found = Value("map", ("", key.line))
    put(found, "key", key)
    put(found, "value", item)
    return found


def put(into: Node, name: str, value: Node) -> None:
    """Add a member to a mapping."""
    into.pairs.append((settled_text(name, ("", value.line)), value))


def together(values: list[Node], at: At) -> Node:
    """Several mappings or lists as one; what is told last wins."""
    found = Value("map" if any(one.kind == "map" for one in values) else "list", at)
    told = {name.text: (name, value) for one in values for name, value in one.pairs}
    found.pairs = list(told.values())[:MOST]
    found.items = [item for one in values for item in one.items][:MOST]
    return found
