"""Expressions as text for messages and fingerprints, and what names they hold."""

from __future__ import annotations

from ...nouns.facts import (
    Attribute,
    Binary,
    CallRef,
    Choice,
    Comprehension,
    Const,
    Expr,
    Item,
    Mapping,
    Name,
    Sequence,
    Text,
    Unary,
)
from .index import FileIndex


def shown(file: FileIndex, expr: Expr | None, depth: int = 0) -> str:
    """An expression roughly as written, for messages and fingerprints."""
    if expr is None or depth > 6:
        return ""
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Attribute):
        return f"{shown(file, expr.of, depth + 1)}.{expr.name}"
    if isinstance(expr, CallRef):
        return f"{shown(file, file.calls[expr.index].callee, depth + 1)}(…)"
    if isinstance(expr, Const):
        return repr(expr.value)
    if isinstance(expr, Item):
        return f"{shown(file, expr.of, depth + 1)}[…]"
    if isinstance(expr, Sequence):
        inner = ", ".join(shown(file, item, depth + 1) for item in expr.items) if len(expr.items) < 4 else "…"
        return f"({inner})" if expr.kind == "tuple" else f"[{inner}]"
    if isinstance(expr, Comprehension):
        return f"[… for … in {shown(file, file.facts.blocks[expr.block].subject, depth + 1)}]"
    if isinstance(expr, Binary):
        return f"{shown(file, expr.left, depth + 1)} {expr.op} {shown(file, expr.right, depth + 1)}"
    if isinstance(expr, Unary):
        return f"{expr.op} {shown(file, expr.of, depth + 1)}"
    return 'f"…"' if isinstance(expr, Text) else "…"


def mentions(file: FileIndex, expr: Expr | None, names: set[str]) -> bool:
    """Whether one of some names occurs in an expression, calls included."""
    stack: list[Expr | None] = [expr]
    while stack:
        here = stack.pop()
        if isinstance(here, Name):
            if here.id in names:
                return True
        elif isinstance(here, CallRef):
            call = file.calls[here.index]
            stack.append(call.callee)
            stack.extend(argument.value for argument in call.arguments)
        elif isinstance(here, Binary):
            stack.extend((here.left, here.right))
        elif isinstance(here, Choice):
            stack.extend(here.options)
        elif isinstance(here, Text):
            stack.extend(here.parts)
        elif isinstance(here, Sequence):
            stack.extend(here.items)
        elif isinstance(here, Mapping):
            stack.extend(part for pair in here.items for part in pair)
        else:
            stack.extend(getattr(here, name) for name in ("of", "key") if hasattr(here, name))
    return False
