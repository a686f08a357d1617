"""What Terraform expressions come to: variables, locals, outputs and references followed as far as files say.

A reference to a resource that is known becomes its address, such as ``aws_sqs_queue.orders``: the unit made of that
resource answers to it. What only the provider or a run knows is the empty value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ...nouns.products import Resource
from .hcl import Block, Call, Each, Expr, Items, Ref, Table, Text
from .listing import joined
from .values import (
    MOST,
    At,
    Value,
    address_of,
    entries_of,
    entry_of,
    filled,
    followed,
    put,
    settled_text,
    stepped,
    together,
    written,
)
from .yaml import Node

_DEEPEST = 24
_MOST_STEPS = 200_000  # in all folders together
_SAME = frozenset(
    {"jsonencode", "yamlencode", "jsondecode", "tomap", "toset", "tolist", "tostring", "sensitive", "nonsensitive",
     "trimspace", "try", "coalesce", "abspath", "lower", "base64encode", "flatten", "compact", "distinct", "sort",
     "values", "one", "?"}
)  # fmt: skip
"""Functions that give one of their arguments, as far as the map is concerned: the first that is known."""
Turn: TypeAlias = tuple[str, Node] | None
"""What ``each`` is: a key and its value."""


class TooMuchError(ValueError):
    """There is more to work out than any configuration asks for."""


class Scope:
    """One module as it is called: its blocks, the values of its variables, and the scopes of the modules it calls."""

    def __init__(
        self,
        folder: str,
        blocks: list[tuple[str, Block]],
        known: Mapping[str, Resource],
        read: Callable[[str], str],
        steps: Iterator[int],
        prefix: str = "",
    ) -> None:
        self._read = read
        self.folder = folder
        self.prefix = prefix
        self.caller: Scope | None = None
        self.called_for: Turn = None  # what ``each`` is where it is called
        self.inputs: dict[str, tuple[Expr, At]] = {}  # as the caller writes them
        self.children: dict[str, Scope] = {}
        self.each: Turn = None
        self.known = known
        self.blocks = blocks
        self._bound: dict[str, Node] = {}
        self._written: dict[tuple[str, ...], tuple[str, Block]] = {}
        self._locals: dict[str, tuple[Expr, At]] = {}
        self._values: dict[str, Node] = {}
        self._steps = steps
        for path, block in blocks:
            if block.kind == "locals":
                for name, (expr, line) in block.attributes.items():
                    self._locals.setdefault(name, (expr, (path, line)))
            else:
                self._written.setdefault((block.kind, *block.labels), (path, block))

    def value(self, expr: Expr, at: At, depth: int = 0) -> Node:
        """What an expression comes to."""
        if next(self._steps) > _MOST_STEPS:
            raise TooMuchError
        if isinstance(expr, str):
            return settled_text(expr, at)
        if expr is None or depth > _DEEPEST:
            return settled_text("", at)
        return _READERS[type(expr)](self, expr, at, depth + 1)

    def attribute(self, block: Block, path: str, *names: str) -> Node:
        """The first of some arguments of a block that is written and known."""
        for name in names:
            if name in block.attributes:
                expr, line = block.attributes[name]
                found = self.value(expr, (path, line))
                if found:
                    return found
        return settled_text("", (path, block.line))

    def whole(self, block: Block, path: str, depth: int = 0) -> Node:
        """A block as a mapping of its arguments, and of its inner blocks as lists by their kind."""
        found = Value("map", (path, block.line))
        for name, (expr, line) in block.attributes.items():
            put(found, name, self.value(expr, (path, line)))
        grouped: dict[str, Value] = {}
        for inner in block.blocks[:MOST] if depth < _DEEPEST else ():
            kind = inner.labels[0] if inner.kind == "dynamic" and inner.labels else inner.kind
            listed = grouped.setdefault(kind, Value("list", (path, inner.line)))
            listed.items += self._dynamic(inner, path, depth) if inner.kind == "dynamic" else [
                self.whole(inner, path, depth + 1)
            ]  # fmt: skip
        for kind, listed in grouped.items():
            put(found, kind, listed)
        return found

    def _dynamic(self, block: Block, path: str, depth: int) -> list[Node]:
        """The blocks that a dynamic one stands for, one for each item of its collection."""
        content = next((one for one in block.blocks if one.kind == "content"), None)
        name = block.labels[0] if block.labels else ""
        found: list[Node] = []
        for key, item in entries_of(self.attribute(block, path, "for_each")) if content is not None else ():
            if content is not None:
                found.append(self._with({name: entry_of(key, item)}, lambda: self.whole(content, path, depth + 1)))
        return found

    def turned(self, each: Turn, work: Callable[[], Node]) -> Node:
        """What some work gives while ``each`` is one item."""
        kept, self.each = self.each, each
        try:
            return work()
        finally:
            self.each = kept

    def _with(self, names: dict[str, Node], work: Callable[[], Node]) -> Node:
        kept, self._bound = self._bound, {**self._bound, **names}
        try:
            return work()
        finally:
            self._bound = kept

    def text(self, expr: Text, at: At, depth: int) -> Node:
        """A text with what its expressions come to; the unknown ones leave nothing."""
        return settled_text("".join(written(self.value(part, at, depth)) for part in expr.parts), at)

    def items(self, expr: Items, at: At, depth: int) -> Node:
        """A list of values."""
        found = Value("list", at)
        found.items = [self.value(one, at, depth) for one in expr.items[:MOST]]
        return found

    def table(self, expr: Table, at: At, depth: int) -> Node:
        """A mapping, each value where it is written."""
        found = Value("map", at)
        for key, value, line in expr.pairs[:MOST]:
            put(found, self.value(key, at, depth).text, self.value(value, (at[0], line), depth))
        return found

    def call(self, expr: Call, at: At, depth: int) -> Node:
        """What a function gives, where that is one of its arguments or all of them together."""
        given = [self.value(one, at, depth) for one in expr.arguments[:MOST]]
        if expr.name in ("merge", "concat", "setunion"):
            return together(given, at)
        if expr.name == "format" and given:
            filling = iter(given[1:])
            return settled_text(re.sub(r"%[a-z]", lambda _: next(filling, given[0]).text, given[0].text), at)
        if expr.name in ("file", "templatefile") and given:
            text = self._text_in(given[0].text)
            return filled(text, given[1], at) if len(given) > 1 else settled_text(text, at)
        if expr.name == "join" and len(given) == 2:
            return settled_text(given[0].text.join(one.text for one in given[1].items), at)
        if expr.name in ("lookup", "element") and len(given) > 1:
            return stepped(given[0], given[1].text) or given[-1]
        if expr.name in _SAME:
            return next((one for one in given if one), settled_text("", at))
        return settled_text("", at)

    def _text_in(self, name: str) -> str:
        """The text of a file beside, by its path from the top or from the module's folder."""
        return self._read(joined("", name)) or self._read(joined(self.folder, name))

    def gathered(self, expr: Each, at: At, depth: int) -> Node:
        """A ``for``: its value for each item."""
        found = Value("list" if expr.key is None else "map", at)
        for key, item in entries_of(self.value(expr.over, at, depth)):
            names = dict(zip(expr.names, (key, item) if len(expr.names) > 1 else (item,), strict=False))
            place = (item.path, item.line) if isinstance(item, Value) else at
            value = self._with(names, lambda place=place: self.value(expr.value, place, depth))  # type: ignore[misc]  # bound at once
            if expr.key is None:
                found.items.append(value)
            else:
                put(found, self._with(names, lambda: self.value(expr.key, at, depth)).text, value)
        return found

    def reference(self, expr: Ref, at: At, depth: int) -> Node:
        """What a reference leads to."""
        root, *steps = expr.path
        if root in self._bound:
            return followed(self._bound[root], steps)
        if root == "each":
            return (
                followed(entry_of(settled_text(self.each[0], at), self.each[1]), steps)
                if self.each
                else settled_text("", at)
            )
        if root == "path":
            return settled_text(self.folder or ".", at)
        if root in ("var", "local") and steps:
            found = followed(self._named(root, steps[0], depth), steps[1:])
            return settled_text(found.text, at) if found.kind == "text" else found
        if root == "module" and len(steps) > 1:
            return self._output(steps, at, depth)
        data = root == "data"
        kind, label, *rest = steps if data and len(steps) > 1 else (*expr.path, "", "")
        return self._of_resource(kind, label, [one for one in rest if one], at, data=data)

    def _named(self, root: str, name: str, depth: int) -> Node:
        key = f"{root}.{name}"
        if key not in self._values:
            self._values[key] = settled_text("", ("", 1))  # a ring of locals ends here
            bound, self._bound = self._bound, {}
            if root == "local":
                expr, at = self._locals.get(name, (None, ("", 1)))
                self._values[key] = self.value(expr, at, depth)
            elif name in self.inputs:
                caller = self.caller or self
                self._values[key] = caller.turned(self.called_for, lambda: caller.value(*self.inputs[name], depth))
            elif ("variable", name) in self._written:
                path, block = self._written["variable", name]
                self._values[key] = self.attribute(block, path, "default")
            self._bound = bound
        return self._values[key]

    def _output(self, steps: list[str], at: At, depth: int) -> Node:
        """An output of a module that is called; of several calls of it, the one that the key names."""
        keyed = len(steps) > 2 and f"{steps[0]}.{steps[1]}" in self.children
        child = self.children.get(f"{steps[0]}.{steps[1]}" if keyed else steps[0])
        name, *rest = steps[2:] if keyed else steps[1:]
        found = child._written.get(("output", name)) if child is not None and depth < _DEEPEST else None
        if child is None or found is None:
            return settled_text("", at)
        expr, line = found[1].attributes.get("value", (None, 1))
        return followed(child.value(expr, (found[0], line), depth), rest)

    def _of_resource(self, kind: str, label: str, steps: list[str], at: At, *, data: bool) -> Node:
        """The address of a known resource, what it stands for, or an argument that is written in it."""
        made = self._written.get(("data" if data else "resource", kind, label))
        if made is None:
            return settled_text("", at)
        path, block = made
        resource = self.known.get(kind)
        keyed = "for_each" in block.attributes and steps and steps[0] != "*"
        if resource is not None and resource.value:
            turn = (steps[0], settled_text(steps[0], at)) if keyed else None
            found = self.turned(turn, lambda: self.attribute(block, path, *resource.value))
            return (
                filled(found.text, self.attribute(block, path, resource.fills), at)
                if resource.fills
                else settled_text(found.text, at)
            )
        named = resource is not None and steps[-1:] and steps[-1] in resource.names and not resource.product
        if resource is not None and (data or named):
            return settled_text(self.attribute(block, path, *resource.names).text, at)
        if resource is not None:
            if steps[-1:] == ["port"]:
                return settled_text(self.attribute(block, path, "port").text or "0", at)
            return settled_text(address_of(self.prefix, kind, label, steps[0] if keyed else ""), at)
        return settled_text(self.attribute(block, path, *steps[-1:]).text, at)


_READERS: dict[type, Callable[..., Node]] = {
    Text: Scope.text, Items: Scope.items, Table: Scope.table, Call: Scope.call, Each: Scope.gathered,
    Ref: Scope.reference,
}  # fmt: skip
