"""What Python's string and number literals say."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...nouns.facts import Const, Expr, Opaque, Text

if TYPE_CHECKING:
    from tree_sitter import Node

OPAQUE = Opaque()

_MOST_DIGITS = 18
"""Longer numbers do not fit the 64 bits of the cached form, and none is a limit or a count."""


def string_of(node: Node, text: str, hole: Callable[[Node], Expr]) -> Expr:
    """A string literal: a `Const`, or a `Text` with its holes when it is interpolated."""
    prefix_end = 0
    while prefix_end < len(text) and text[prefix_end] not in "'\"":
        prefix_end += 1
    prefix = text[:prefix_end].lower()
    quote = 3 if text[prefix_end : prefix_end + 3] in ("'''", '"""') else 1
    if "f" in prefix or "t" in prefix:
        return _interpolated(node, text, hole)
    body = text[prefix_end + quote : len(text) - quote]
    if "\\" in body and "r" not in prefix:
        return Const(_unescaped(text, body))
    return Const(body)


def _unescaped(text: str, body: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are the user's style, not our concern
            value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return body
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    # A lone surrogate is legal in the source and cannot be kept as UTF-8.
    return text.encode("utf-8", "backslashreplace").decode()


def _interpolated(node: Node, text: str, hole: Callable[[Node], Expr]) -> Expr:
    parts: list[Expr] = []
    start = node.start_byte
    encoded = text.encode("utf-8", "replace")
    for child in node.children:
        if child.type == "string_content":
            parts.append(Const(encoded[child.start_byte - start : child.end_byte - start].decode("utf-8", "replace")))
        elif child.type == "interpolation":
            inside = child.child_by_field_name("expression")
            parts.append(hole(inside) if inside is not None else OPAQUE)
    return Text(tuple(parts))


def number_of(text: str) -> Expr:
    """An integer or float literal; an imaginary or broken one is opaque."""
    plain = text.replace("_", "")
    if len(plain) > _MOST_DIGITS:
        return OPAQUE
    try:
        return Const(int(plain, 0))
    except ValueError:
        pass
    try:
        return Const(float(plain))
    except ValueError:
        return OPAQUE


def joined(parts: list[Expr]) -> Expr:
    """Adjacent literals as one."""
    if all(isinstance(part, Const) and isinstance(part.value, str) for part in parts):
        return Const("".join(str(part.value) for part in parts if isinstance(part, Const)))
    flat: list[Expr] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Text) else (part,))
    return Text(tuple(flat))
