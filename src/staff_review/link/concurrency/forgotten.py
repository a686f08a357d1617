"""Coroutines that are made and never run: calls of async functions whose value is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.libraries import REMOTE, Effect
from ...nouns.signals import Forgotten
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import UNKNOWN, FunctionValue, Value
from ..sites import Sites

_PLAIN = frozenset({"staticmethod", "classmethod", "override", "final"})
"""Decorators that leave a coroutine what it is."""
_ASYNC = ("async", "aio")


class ForgottenCoroutines:
    """Looks at the calls whose value nobody takes."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[Forgotten]:
        """Every such call, in file order."""
        opened = self._graph.program.opened
        names = {function.name for file in opened.values() for function in file.facts.functions if function.is_async}
        for path in sorted(opened):
            file = opened[path]
            for index, call in enumerate(file.facts.calls):
                if not call.discarded or call.awaited or index in file.awaited:
                    continue
                callee = self._callee(file, index) if leaf_of(call.callee) in names else self._operation(file, index)
                if callee:
                    function = file.facts.blocks[call.block].function
                    where = self._sites.function((path, function))
                    yield Forgotten(file.place(call.span), where, shown(file, call.callee), callee)

    def _callee(self, file: FileIndex, index: int) -> str:
        """The coroutine that every known callee is; "" when one of them is something else."""
        values = [value for value in self._graph.evaluator.callee(file, index) if value != UNKNOWN]
        found = [self._coroutine(value) for value in values]
        return found[0] if found and all(found) else ""

    def _coroutine(self, value: Value) -> str:
        if not isinstance(value, FunctionValue):
            return ""
        file = self._graph.program.file(value.key[0])
        if file is None:
            return ""
        function = file.function(value.key[1])
        plain = all(leaf_of(decorator) in _PLAIN for decorator in function.decorators)
        return function.qualified if function.is_async and not function.is_generator and plain else ""

    def _operation(self, file: FileIndex, index: int) -> str:
        """The operation of an asynchronous client that a call makes; "" for all others."""
        if file.function(file.facts.blocks[file.calls[index].block].function).is_async is False:
            return ""
        found = self._graph.of(file.path, index) if leaf_of(file.calls[index].callee) else ()
        return found[0].path if found and all(_is_asynchronous(one) for one in found) else ""


def _is_asynchronous(one: Resolved) -> bool:
    """Whether the name of an operation's type says that it gives a coroutine."""
    if one.operation is None or not one.certain:
        return False
    effects = frozenset(one.operation.effects)
    owner = one.path.rpartition(".")[0].lower()
    named = any(part.startswith(_ASYNC) for part in owner.split("."))
    return named and bool(effects & REMOTE) and Effect.BLOCKING not in effects and not one.operation.many
