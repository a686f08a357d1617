"""What the first lines of compound statements say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...facts import Attribute, Expr, Name

if TYPE_CHECKING:
    from tree_sitter import Node


def with_values(items: list[Node]) -> list[Node]:
    """The managers of a with statement, also when they stand in parentheses as one tuple."""
    values: list[Node] = []
    for item in items:
        value = item.child_by_field_name("value") or item.named_children[0]
        if value.type == "tuple":
            values.extend(child for child in value.named_children if child.type != "comment")
        else:
            values.append(value)
    return values


def for_type_checkers(test: Expr) -> bool:
    """Whether a branch runs only for type checkers."""
    return (isinstance(test, Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, Attribute) and test.name == "TYPE_CHECKING"
    )
