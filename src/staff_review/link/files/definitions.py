"""What the index of a file holds: definitions of names, and expressions with where they stand."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ...nouns.facts import Expr
from ...nouns.source import Span


class Definition(NamedTuple):
    """Something that gives a name its meaning in one scope; `number` points into the table of its `kind`."""

    kind: Literal["function", "class", "import", "binding", "parameter", "handler"]
    number: int
    block: int
    line: int
    column: int


class Spoken(NamedTuple):
    """One expression with the block that it is evaluated in, and the place to point at."""

    expr: Expr
    block: int
    span: Span
