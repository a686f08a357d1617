"""Statements that hold no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Binding, Jump
from .expressions import ExpressionReader

if TYPE_CHECKING:
    from tree_sitter import Node


def jump(reader: ExpressionReader, node: Node, block: int) -> None:
    """Return, raise, break or continue."""
    kind = node.type.removesuffix("_statement")
    value = reader.inside(node, block) if node.named_child_count else None
    if kind in ("return", "raise", "break", "continue"):
        reader.jumps.append(Jump(kind, block, reader.span(node), value))  # type: ignore[arg-type]  # one of the four


def scope(reader: ExpressionReader, node: Node, block: int) -> None:
    """``global`` and ``nonlocal``."""
    function = reader.blocks[block].function
    reader.globals.extend((function, reader.text(child)) for child in node.named_children if child.type == "identifier")


def delete(reader: ExpressionReader, node: Node, block: int) -> None:
    """``del``."""
    for child in node.named_children:
        reader.bindings.append(Binding(reader.expression(child, block), None, block, reader.span(node), how="delete"))
