"""YAML as text with line numbers: no types are built, aliases are shared, and depth and size are bounded."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 60
_MOST = 200_000

_DIGITS = 7


class BrokenYamlError(ValueError):
    """The text is no YAML, or deeper or larger than any configuration is; `line` from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Node:
    """A scalar (`text`), a mapping or a sequence; a missing member is the empty node, so that paths need no tests."""

    __slots__ = ("items", "kind", "line", "pairs", "text")

    def __init__(self, kind: str, line: int, text: str = "") -> None:
        self.kind = kind
        self.line = line
        self.text = text
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []

    def get(self, *path: str) -> Node:
        """The value at that path of keys; ``<<`` merges are followed."""
        here = self
        for key in path:
            here = next((value for node in here._merged() for name, value in node.pairs if name.text == key), _NOTHING)
        return here

    def _merged(self) -> Iterator[Node]:
        """The mapping and those it merges in, nearest first, each once however they refer to each other."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop(0)
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield node
            for name, value in node.pairs:
                if name.text == "<<":
                    waiting += value.items or [value]

    def members(self) -> Iterator[tuple[str, Node]]:
        """Names and values of a mapping, with what it merges in."""
        seen: set[str] = set()
        for node in self._merged():
            for name, value in node.pairs:
                if name.text != "<<" and name.text not in seen:
                    seen.add(name.text)
                    yield name.text, value

    def texts(self) -> list[str]:
        """The scalars of a sequence, or the one scalar."""
        return (
            [item.text for item in self.items if item.kind == "text"] if self.items else [self.text] * bool(self.text)
        )

    def __bool__(self) -> bool:
        return bool(self.text or self.items or self.pairs)


_NOTHING = Node("text", 0)


def number_in(text: str) -> int:
    """A whole number of a sane size, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


def documents(text: str) -> list[Node]:
    """The documents of a YAML stream; raises BrokenYamlError."""
    try:
        return _built(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "cannot be understood"
        raise BrokenYamlError(mark.line + 1 if mark is not None else 1, f"not valid YAML: {reason}") from error


def _built(text: str) -> list[Node]:
    """Documents from the events of the parser: no recursion, each anchor one node however often it is used."""
    roots: list[Node] = []
    open_nodes: list[Node] = []
    anchors: dict[str, Node] = {}
    keys: dict[int, Node] = {}
    count = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            open_nodes.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            anchors = {}
        node = _node(event, line, anchors)
        if node is None:
            continue
        count += 1
        if count > _MOST or len(open_nodes) > _DEEPEST:
            raise BrokenYamlError(line, "deeper or larger than configuration is")
        anchor = getattr(event, "anchor", None)
        if anchor is not None and not isinstance(event, yaml.AliasEvent):
            anchors[anchor] = node
        if open_nodes:
            _put(open_nodes[-1], node, keys)
        else:
            roots.append(node)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            open_nodes.append(node)
    return roots


def _node(event: yaml.Event, line: int, anchors: dict[str, Node]) -> Node | None:
    """The node that an event begins, None for one that begins none."""
    if isinstance(event, yaml.ScalarEvent):
        null = not event.style and event.value in ("~", "null", "Null", "NULL")
        return Node("text", line, "" if null else event.value)
    if isinstance(event, yaml.MappingStartEvent):
        return Node("map", line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node("list", line)
    return anchors.get(event.anchor or "", _NOTHING) if isinstance(event, yaml.AliasEvent) else None


def _put(parent: Node, node: Node, keys: dict[int, Node]) -> None:
    """Add a node to the open one: an item, or in turn a key and its value."""
    if parent.kind == "list":
        parent.items.append(node)
        return
    key = keys.pop(id(parent), None)
    if key is None:
        keys[id(parent)] = node
    else:
        parent.pairs.append((key, node))
