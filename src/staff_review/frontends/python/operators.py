"""Operators, literals with parts, and annotations: what their nodes say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ...nouns.facts import Binary, Choice, Const, Expr, Item, Mapping, Sequence, Unary
from .literals import OPAQUE

if TYPE_CHECKING:
    from tree_sitter import Node


class Reader(Protocol):
    """What an operator needs of the expression reader: its operands."""

    def expression(self, node: Node | None, block: int) -> Expr:
        """The value of one node."""

    def items(self, node: Node, block: int) -> list[Expr]:
        """The values of the parts of a node."""

    def inside(self, node: Node, block: int) -> Expr:
        """The value of the one part of a node."""


def mapping(reader: Reader, node: Node, block: int) -> Expr:
    """A dictionary literal, spread items included."""
    items: list[tuple[Expr | None, Expr]] = []
    for child in node.named_children:
        if child.type == "pair":
            key = reader.expression(child.child_by_field_name("key"), block)
            items.append((key, reader.expression(child.child_by_field_name("value"), block)))
        elif child.type == "dictionary_splat":
            items.append((None, reader.inside(child, block)))
    return Mapping(tuple(items))


def binary(reader: Reader, node: Node, block: int) -> Expr:
    """Arithmetic and logic; ``a or b`` is a choice."""
    operator = node.child_by_field_name("operator")
    op = operator.type if operator is not None else "?"
    left = reader.expression(node.child_by_field_name("left"), block)
    right = reader.expression(node.child_by_field_name("right"), block)
    return Choice(None, (left, right)) if op == "or" else Binary(op, left, right)


def comparison(reader: Reader, node: Node, block: int) -> Expr:
    """A comparison of two operands; chains say nothing."""
    operands = reader.items(node, block)
    words = [child.type for child in node.children if not child.is_named]
    if len(operands) != 2:
        return OPAQUE
    return Binary(" ".join(words), operands[0], operands[1])


def unary(reader: Reader, node: Node, block: int) -> Expr:
    """Negation; a negative number is a constant."""
    operator = node.child_by_field_name("operator")
    op = operator.type if operator is not None else "not"
    value = reader.expression(node.child_by_field_name("argument"), block)
    if op == "-" and isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    return Unary(op, value)


def conditional(reader: Reader, node: Node, block: int) -> Expr:
    """``a if test else b``."""
    parts = reader.items(node, block)
    return Choice(parts[1], (parts[0], parts[2])) if len(parts) == 3 else OPAQUE


def subscript(reader: Reader, node: Node, block: int) -> Expr:
    """``of[key]``."""
    of = reader.expression(node.child_by_field_name("value"), block)
    keys = [reader.expression(key, block) for key in node.children_by_field_name("subscript")]
    return Item(of, keys[0] if len(keys) == 1 else Sequence("tuple", tuple(keys)))


def sliced(reader: Reader, node: Node, block: int) -> Expr:
    """``start:stop`` between brackets."""
    bounds: list[Expr] = [Const(None), Const(None)]
    place = 0
    for child in node.children:
        if child.type == ":":
            place += 1
        elif place < len(bounds):
            bounds[place] = reader.expression(child, block)
        else:
            reader.expression(child, block)
    return Binary(":", bounds[0], bounds[1])


def generic_type(reader: Reader, node: Node, block: int) -> Expr:
    """``List[int]`` in an annotation."""
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) != 2:
        return OPAQUE
    keys = tuple(reader.inside(key, block) for key in parts[1].named_children)
    return Item(reader.expression(parts[0], block), keys[0] if len(keys) == 1 else Sequence("tuple", keys))


def union_type(reader: Reader, node: Node, block: int) -> Expr:
    """``A | B`` in an annotation."""
    parts = [
        reader.inside(child, block) if child.type == "type" else reader.expression(child, block)
        for child in node.named_children
    ]
    return Binary("|", parts[0], parts[1]) if len(parts) == 2 else OPAQUE
