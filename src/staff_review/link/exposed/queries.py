"""Statements put together from values: which values, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.exposures import Hole, Query
from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Mapping, Name, Sequence, Text
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import Written
from ..sites import Sites
from .origins import Origins

_SQL = re.compile(
    r"\b(?:select\b.*\bfrom|insert\s+into|update\b.*\bset|delete\s+from|where|values\s*\(|match\s*\(|merge\s+into)\b",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(r"(?:=|<|>|\blike|\bin\s*\(|\bvalues\s*\(|,)\s*[('\"%]*$|'%?$", re.IGNORECASE)
"""The end of a text after which a value stands, not a name."""
_DEEP = 6


class Queries:
    """Looks at the text of every statement that is run."""

    def __init__(self, graph: Graph, sites: Sites, origins: Origins) -> None:
        self._graph = graph
        self._sites = sites
        self._origins = origins

    def find(self) -> Iterator[Query]:
        """Statements with at least one value that is put into their text, in file order."""
        for file, index, found in self._graph.library_calls():
            holes = tuple(self._in_call(file, index, found))
            if holes:
                call = file.calls[index]
                function = self._sites.function((file.path, file.facts.blocks[call.block].function))
                yield Query(file.place(call.span), function, shown(file, call.callee), holes)

    def _in_call(self, file: FileIndex, index: int, found: tuple[Resolved, ...]) -> Iterator[Hole]:
        for one in found:
            for entry in self._graph.program.catalog.acts.get(one.path) or ():
                spec = entry.options.get("text")
                if Act.STATEMENT not in entry.does or spec is None:
                    continue
                expr = expression_at(file.calls[index], spec.argument, spec.position)
                if expr is not None:
                    yield from self._of_text(file, index, expr)
                return

    def _of_text(self, file: FileIndex, index: int, expr: Expr) -> Iterator[Hole]:
        """The holes of everything that the text of the statement can be."""
        call = file.calls[index]
        for home, block, written in self._writings(file, call.block, index, expr):
            parts = list(_parts(home, written))
            said = "".join(str(part.value) if isinstance(part, Const) else "?" for part in parts)
            if not _SQL.search(said):
                continue
            before = ""
            for part in parts:
                if isinstance(part, Const):
                    before += str(part.value)
                else:
                    origin = self._origins.of(home, block, part, as_value=_VALUE.search(before) is not None)
                    if origin == "parameter" and not before.endswith(("'", "%")):
                        origin = "unknown"  # callers inside may well pass a word of the language
                    yield Hole(shown(home, part), origin)
                    before += "?"

    def _writings(self, file: FileIndex, block: int, index: int, expr: Expr) -> Iterator[tuple[FileIndex, int, Expr]]:
        if isinstance(expr, CallRef):
            if _is_format(file, expr):
                yield file, file.calls[expr.index].block, expr
            return
        if isinstance(expr, Name):
            function = file.facts.blocks[block].function
            for binding in file.bindings_in.get(function, ()):
                if binding.target == expr and isinstance(binding.value, CallRef) and _is_format(file, binding.value):
                    yield file, binding.block, binding.value
        for value in self._graph.evaluator.argument(file, index, expr):
            home = self._graph.program.file(value.path) if isinstance(value, Written) else None
            if home is not None and isinstance(value, Written) and isinstance(value.expr, (Text, Binary)):
                yield home, value.block, value.expr


def _is_format(file: FileIndex, expr: CallRef) -> bool:
    callee = file.calls[expr.index].callee
    return isinstance(callee, Attribute) and callee.name == "format" and isinstance(callee.of, (Const, Text, Binary))


def _parts(file: FileIndex, expr: Expr, depth: int = 0) -> Iterator[Expr]:
    """The constant texts and the values that a text is put together from, in order."""
    if depth > _DEEP:
        return
    if isinstance(expr, Text):
        yield from expr.parts
    elif isinstance(expr, Binary) and expr.op == "+":
        yield from _parts(file, expr.left, depth + 1)
        yield from _parts(file, expr.right, depth + 1)
    elif isinstance(expr, Binary) and expr.op == "%" and isinstance(expr.left, (Const, Text, Binary)):
        yield from _filled(expr.left, r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdrifx]", _items(expr.right))
    elif isinstance(expr, CallRef) and _is_format(file, expr):
        call = file.calls[expr.index]
        if isinstance(call.callee, Attribute):
            yield from _filled(call.callee.of, r"\{[^{}]*\}", [argument.value for argument in call.arguments])
    else:
        yield expr


def _filled(text: Expr, hole: str, values: list[Expr]) -> Iterator[Expr]:
    """A pattern with its values between the pieces."""
    if not isinstance(text, Const) or not isinstance(text.value, str):
        yield from (text, *values)
        return
    pieces = re.split(hole, text.value)
    for number, piece in enumerate(pieces):
        yield Const(piece)
        if number < len(pieces) - 1 and number < len(values):
            yield values[number]


def _items(expr: Expr) -> list[Expr]:
    if isinstance(expr, Sequence):
        return list(expr.items)
    if isinstance(expr, Mapping):
        return [value for _, value in expr.items]
    return [expr]
