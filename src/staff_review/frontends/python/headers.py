"""What the first lines of compound statements say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Expr, Name

if TYPE_CHECKING:
    from tree_sitter import Node


_WORDS = 3
"""From so many words on a comment is taken for a reason."""
_DIRECTIVE = re.compile(r"#\s*(?:noqa|pylint|type|pragma|nosec|expect|staff-review)\b.*")
_WORD = re.compile(r"[A-Za-z']{2,}")


def reason_of(clause: Node) -> str:
    """What the form of a handler is: "explained" where a comment of some words stands in it, else nothing."""
    parts = (clause, *clause.named_children)
    comments = [child.text or b"" for part in parts for child in part.named_children if child.type == "comment"]
    said = " ".join(_DIRECTIVE.sub("", text.decode("utf-8", "replace")) for text in comments)
    return "explained" if len(_WORD.findall(said)) >= _WORDS else ""


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


def governed_lines(node: Node, kind: str, *, compound: bool) -> tuple[int, int]:
    """The lines, from 1, that a silence on a statement governs: all of a simple one, the header of a compound one."""
    last = node.end_point[0]
    if compound:
        inner = node.child_by_field_name("definition") if kind == "decorated_definition" else node
        body = None if inner is None else inner.child_by_field_name("body") or inner.child_by_field_name("consequence")
        last = max(node.start_point[0], body.start_point[0] - 1) if body is not None else node.start_point[0]
    return node.start_point[0] + 1, last + 1
