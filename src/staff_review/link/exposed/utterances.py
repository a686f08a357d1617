"""Values with telling names that go into a log."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, Const, Expr, Item, Name, Sequence, Text
from ...nouns.libraries import Effect
from ...nouns.signals import Utterance
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import Literal
from ..sites import Sites

_LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
_SECRET = re.compile(
    r"(?i)^(?:\w+_)?(?:password|passwd|pwd|client_secret|secret_key|api_key|apikey|access_token|auth_token|refresh_token"
    r"|id_token|bearer_token|private_key|authorization|credit_card|card_number|cvv|ssn)$"
)


class Utterances:
    """Looks at the arguments of logging calls."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[Utterance]:
        """One for each logging call that is given such a value, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for level in _LEVELS:
                for index in file.by_leaf.get(level, ()):
                    told = next(self._told(file, index), "")
                    if told and self._logs(file, index):
                        call = file.calls[index]
                        function = self._sites.function((path, file.facts.blocks[call.block].function))
                        yield Utterance(file.place(call.span), function, shown(file, call.callee), told)

    def _logs(self, file: FileIndex, index: int) -> bool:
        return any(
            one.operation is not None and Effect.LOG in one.operation.effects
            for one in self._graph.of(file.path, index)
        )

    def _told(self, file: FileIndex, index: int) -> Iterator[str]:
        for argument in file.calls[index].arguments:
            for expr in _values(argument.value):
                name = _name_of(expr)
                if _SECRET.search(name) and not self._is_written(file, index, expr):
                    yield shown(file, expr)

    def _is_written(self, file: FileIndex, index: int, expr: Expr) -> bool:
        """Whether the value is a text of the code itself, which everybody reads anyway: ``ERR_NO_PASSWORD``."""
        values = self._graph.evaluator.argument(file, index, expr)
        return bool(values) and all(isinstance(one, Literal) for one in values)


def _values(expr: Expr) -> Iterator[Expr]:
    """The values that a message is put together from."""
    if isinstance(expr, Text):
        yield from (part for part in expr.parts if not isinstance(part, Const))
    elif isinstance(expr, Binary) and expr.op in ("+", "%"):
        yield from _values(expr.left)
        yield from _values(expr.right)
    elif isinstance(expr, Sequence):
        yield from expr.items
    elif isinstance(expr, (Name, Attribute, Item)):
        yield expr


def _name_of(expr: Expr) -> str:
    if isinstance(expr, Item):
        return str(expr.key.value) if isinstance(expr.key, Const) else ""
    return leaf_of(expr)
