"""What there is little of: by how it is written, by what it is called, and as a key by what it tells apart."""

from __future__ import annotations

import re

from ...nouns.facts import Attribute, Binary, Block, CallRef, Const, Expr, Item, Mapping, Name, Sequence
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import UNKNOWN, ClassValue, External, Value, Written
from .graph import Graph

_SLICE = 32
"""A slice up to this length bounds what a loop does."""
_WRITTEN = 32
"""A collection written out up to this length is a fixed set, not data that grows."""
_SET_UP = re.compile(
    r"(?:config|conf|model|deployment|team|org|organization|organisation|tenant|role|permission|scope|"
    r"grant|setting|option|env|environ|server|endpoint|provider|backend|connection|connector|"
    r"gateway|region|zone|replica|shard|node|host|broker|cluster|plugin|(?:web)?hook|handler|listener|"
    r"callback|notifier|notification|integration|attachment|container|pool|tool|field|column|kind|"
    r"type|stage|phase|interface|sink|exporter|adapter)s?"
)
"""What a program is set up with, or one thing is made of: few by nature."""
_OWNERS = frozenset({"project", "workspace"})
"""What tells few values apart as a key, though a list of them may be long."""


class Few:
    """Answers for the loops of the program."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def of_loop(self, file: FileIndex, block: Block) -> bool:
        """Whether a loop runs over a fixed small set written in the code."""
        if block.subject is None:
            return False
        return self._is_of_few(file, block.parent, block.subject, block)

    def _is_of_few(self, file: FileIndex, scope: int, expr: Expr, at: Block) -> bool:
        if isinstance(expr, CallRef):
            return self._few_of_call(file, scope, expr, at)
        if isinstance(expr, Name) and _is_options(file, scope, expr.id):
            return True
        values = self._graph.evaluator.values(file, scope, expr, at.span.line, at.span.column)
        if all(value == UNKNOWN or isinstance(value, External) for value in values):
            return leaf_of(expr).isupper()  # a constant, wherever it is written
        # Who runs over a class runs over the members of an enumeration.
        return all(isinstance(value, ClassValue) or self._few_written(value) for value in values)

    def _few_of_call(self, file: FileIndex, scope: int, expr: CallRef, at: Block) -> bool:
        """``PEERS.items()``, ``enumerate(PEERS)``, ``sorted(PEERS)``: as many as there are peers."""
        call = file.calls[expr.index]
        if isinstance(call.callee, Attribute) and call.callee.name in ("items", "keys", "values", "copy"):
            return self._is_of_few(file, scope, call.callee.of, at)
        for one in self._graph.of(file.path, expr.index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is not None and meaning.means in ("items", "same") and call.arguments:
                return self._is_of_few(file, scope, call.arguments[0].value, at)
        return False

    @staticmethod
    def _few_written(value: Value) -> bool:
        expr = value.expr if isinstance(value, Written) else None
        if isinstance(expr, (Sequence, Mapping)):
            return 0 < len(expr.items) <= _WRITTEN
        if isinstance(expr, Item) and isinstance(expr.key, Binary) and expr.key.op == ":":
            end = expr.key.right
            return isinstance(end, Const) and isinstance(end.value, int) and 0 < end.value <= _SLICE
        return False


def is_set_up(file: FileIndex, expr: Expr) -> bool:
    """Whether a collection is called like something that a program is set up with."""
    return any(map(_SET_UP.fullmatch, _words(shown(file, expr))))


def is_of_few(name: str) -> bool:
    """Whether there are few values by nature of what has that name: ``region``, ``tenant_id``."""
    words = _words(name)
    return any(map(_SET_UP.fullmatch, words)) or not _OWNERS.isdisjoint(words)


def _words(text: str) -> list[str]:
    return re.split(r"[^a-z]+", text.lower())


def _is_options(file: FileIndex, block: int, name: str) -> bool:
    """Whether a name holds the options of a function (``**changes``): as many as a caller writes down."""
    function = file.facts.blocks[block].function
    at = file.parameters.get((function, name))
    return at is not None and file.function(function).parameters[at].kind == "options"
