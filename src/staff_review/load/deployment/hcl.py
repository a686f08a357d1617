"""HCL, the language of Terraform, as blocks and expressions: the syntax tree ends here.

The grammar is tree-sitter's: it reads a megabyte in a second, starts at once, and gives what it can of a broken file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import tree_sitter
import tree_sitter_hcl
from msgspec import Struct, field

_LANGUAGE = tree_sitter.Language(tree_sitter_hcl.language())
_DEEPEST = 40  # expressions inside each other; more is nobody's configuration


class Text(Struct, frozen=True):
    """A text with expressions in it."""

    parts: tuple[Expr, ...]


class Ref(Struct, frozen=True):
    """A reference by its steps: ``aws_sqs_queue.orders["eu"].url``; a ``*`` step stands for each."""

    path: tuple[str, ...]


class Items(Struct, frozen=True):
    """A list or set as it is written."""

    items: tuple[Expr, ...]


class Table(Struct, frozen=True):
    """An object or map as it is written: keys, values and their lines."""

    pairs: tuple[tuple[Expr, Expr, int], ...]


class Call(Struct, frozen=True):
    """A call of a function; also ``a ? b : c``, as "?" with what it may give, and operations, as ""."""

    name: str
    arguments: tuple[Expr, ...]


class Each(Struct, frozen=True):
    """A ``for`` over a collection: the names it binds, and what it gives for each; `key` None for a list."""

    names: tuple[str, ...]
    over: Expr
    key: Expr | None
    value: Expr


Expr: TypeAlias = str | Text | Ref | Items | Table | Call | Each | None
"""None for what cannot be known: null, splats of calls, what is nested too deep."""


class Block(Struct):
    """A block with its labels, or a whole file: attributes by name with their lines, and the blocks inside."""

    kind: str
    labels: tuple[str, ...] = ()
    line: int = 1
    attributes: dict[str, tuple[Expr, int]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


def blocks_of(text: str) -> tuple[Block, int]:
    """A file as one block, and the line of its first mistake, 0 where it has none."""
    root = tree_sitter.Parser(_LANGUAGE).parse(text.encode("utf-8", "replace")).root_node
    whole = Block("")
    waiting = [(root, whole)]
    while waiting:
        node, into = waiting.pop()
        for child in node.named_children:
            if child.type == "attribute":
                name, value = child.named_children[0], child.named_children[-1]
                into.attributes.setdefault(_said(name), (_expression(value, 0), child.start_point[0] + 1))
            elif child.type == "block":
                words = [one for one in child.named_children if one.type in ("identifier", "string_lit")]
                labels = tuple(_said(one).strip('"') for one in words[1:])
                inner = Block(_said(words[0]) if words else "", labels, child.start_point[0] + 1)
                into.blocks.append(inner)
                waiting += [(one, inner) for one in child.named_children if one.type == "body"]
            elif child.type == "body":
                waiting.append((child, into))
    return whole, _mistake(root)


def _mistake(root: tree_sitter.Node) -> int:
    """The line of the first part that is no HCL."""
    node = root
    while node.has_error:
        broken = next((child for child in node.children if child.is_error or child.is_missing or child.has_error), None)
        if broken is None or broken.is_error or broken.is_missing:
            return (broken or node).start_point[0] + 1
        node = broken
    return 0


def _said(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _expression(node: tree_sitter.Node, depth: int) -> Expr:
    while node.type in ("expression", "literal_value", "template_expr", "collection_value", "for_expr"):
        if not node.named_children:
            return None
        if node.type == "expression" and node.named_children[0].type == "variable_expr":
            return _reference(node, depth)
        node = node.named_children[0]
    reader = _READERS.get(node.type)
    return reader(node, depth + 1) if reader is not None and depth < _DEEPEST else None


def _reference(node: tree_sitter.Node, depth: int) -> Expr:
    """``a.b["c"].d`` as its steps; an index that is itself an expression is told as what it refers to, or each."""
    steps: list[str] = []
    for child in node.named_children:
        if child.type in ("variable_expr", "get_attr"):
            steps.append(_said(child.named_children[0]))
        elif child.type == "index" and child.named_children:
            inner = child.named_children[0].named_children
            key = _expression(inner[0], depth + 1) if inner and inner[0].type == "expression" else None
            steps.append(key if isinstance(key, str) else ".".join(key.path) if isinstance(key, Ref) else "*")
        elif child.type == "splat":
            steps.append("*")
            steps += [_said(one.named_children[0]) for one in child.named_children[0].named_children
                      if one.type == "get_attr"]  # fmt: skip
    return Ref(tuple(steps))


def _text(node: tree_sitter.Node, depth: int) -> Expr:
    parts: list[Expr] = []
    for child in node.named_children:
        if child.type == "template_literal":
            parts.append(_unescaped(_said(child)) if node.type != "heredoc_template" else _said(child))
        elif child.type == "template_interpolation":
            inner = [one for one in child.named_children if one.type == "expression"]
            parts.append(_expression(inner[0], depth) if inner else None)
        elif child.type == "quoted_template":
            return _text(child, depth)
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    return Text(tuple(parts))


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n").replace("$${", "${") if "\\" in text or "$$" in text else text


def _plain(node: tree_sitter.Node, _: int) -> Expr:
    return _said(node)


def _items(node: tree_sitter.Node, depth: int) -> Expr:
    return Items(tuple(_expression(one, depth) for one in node.named_children if one.type == "expression"))


def _table(node: tree_sitter.Node, depth: int) -> Expr:
    elements = [one.named_children for one in node.named_children if one.type == "object_elem"]
    return Table(
        tuple(
            (_key(one[0], depth), _expression(one[-1], depth), one[0].start_point[0] + 1)
            for one in elements
            if len(one) > 1
        )
    )


def _key(node: tree_sitter.Node, depth: int) -> Expr:
    """A bare word as a key is the word itself; in parentheses it is what it refers to."""
    found = _expression(node, depth)
    return found.path[0] if isinstance(found, Ref) and len(found.path) == 1 else found


def _call(node: tree_sitter.Node, depth: int) -> Expr:
    given = [one for one in node.named_children if one.type == "function_arguments"]
    arguments = tuple(_expression(one, depth) for one in given[0].named_children) if given else ()
    return Call(_said(node.named_children[0]), arguments)


def _choice(node: tree_sitter.Node, depth: int) -> Expr:
    return Call("?", tuple(_expression(one, depth) for one in node.named_children[1:]))


def _each(node: tree_sitter.Node, depth: int) -> Expr:
    intro = next((one for one in node.named_children if one.type == "for_intro"), None)
    given = [_expression(one, depth) for one in node.named_children if one.type == "expression"]
    if intro is None or not given:
        return None
    names = tuple(_said(one) for one in intro.named_children if one.type == "identifier")
    over = next((_expression(one, depth) for one in intro.named_children if one.type == "expression"), None)
    return Each(names, over, given[0] if node.type == "for_object_expr" else None, given[-1])


def _inner(node: tree_sitter.Node, depth: int) -> Expr:
    return _expression(node.named_children[0], depth) if node.named_children else None


_READERS: dict[str, Callable[[tree_sitter.Node, int], Expr]] = {
    "string_lit": _text, "quoted_template": _text, "heredoc_template": _text, "numeric_lit": _plain, "bool_lit": _plain,
    "tuple": _items, "object": _table, "function_call": _call, "conditional": _choice, "for_tuple_expr": _each,
    "for_object_expr": _each, "parenthesized_expr": _inner,
}  # fmt: skip
