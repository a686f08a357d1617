"""What clients repeat by themselves: an option of their making, a policy object in it, an adapter mounted on them."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import ValueAt
from ...nouns.facts import Attribute, Expr
from ...nouns.project import OwnRetry
from ..calls.graph import Graph
from ..evaluation.nested import numbers_below
from ..files.arguments import expression_at, has_spread
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, Instance, Literal, Value
from ..knowledge.versions import Versions

_MORE = {"retries": 0, "attempts": 1}
"""Options of a making that say how often it tries again, and how many of that number are the first attempt."""
_DEEP = 4


class OwnRetries:
    """Looks up, once for each making of a client, how often it tries again by itself."""

    def __init__(self, graph: Graph, versions: Versions) -> None:
        self._graph = graph
        self._versions = versions
        self._known: dict[CallKey, OwnRetry | None] = {}

    def of(self, receiver: Value | None) -> OwnRetry | None:
        """What the receiver of a call repeats; None when nothing, or when nobody can say."""
        made = receiver.made if isinstance(receiver, Instance) else None
        return self._of_making(made, 0) if made is not None else None

    def _of_making(self, made: CallKey, depth: int) -> OwnRetry | None:
        if made not in self._known:
            self._known[made] = None
            file = self._graph.program.file(made[0])
            if file is not None and depth < _DEEP:
                self._known[made] = next(self._said(file, made[1], depth), None)
        return self._known[made]

    def _said(self, file: FileIndex, index: int, depth: int) -> Iterator[OwnRetry]:
        """Answers in the order in which they count: what is mounted later, what is passed, the default."""
        yield from self._mounted(file, index, depth)
        catalog = self._graph.program.catalog
        for one in self._graph.of(file.path, index):
            for entry in (catalog.acts.get(one.path) or ()) if one.path else ():
                for option, first in _MORE.items():
                    spec = entry.options.get(option)
                    if spec is not None:
                        yield from self._of_option(file, index, spec, one.path, first, depth)
            made = catalog.makings.get(one.path) if one.path else None
            client = catalog.clients.get(made) if made is not None else None
            at = client.transport if client is not None else None
            if at is not None:
                yield from self._of_argument(file, index, ValueAt(argument=at.argument, position=at.position), depth)

    def _of_option(
        self, file: FileIndex, index: int, spec: ValueAt, path: str, first: int, depth: int
    ) -> Iterator[OwnRetry]:
        found = list(self._of_argument(file, index, spec, depth, first))
        yield from found
        if found or has_spread(file.calls[index]) or self._is_written(file, index, spec):
            return
        default = spec.default
        if isinstance(default, tuple):
            package = self._graph.program.catalog.package_of(path)
            default, _ = self._versions.value(default, package or "", file.path)
        if isinstance(default, int) and default > first:
            yield OwnRetry(default - first, None, path)

    @staticmethod
    def _is_written(file: FileIndex, index: int, spec: ValueAt) -> bool:
        return expression_at(file.calls[index], spec.argument, spec.position) is not None

    def _of_argument(
        self, file: FileIndex, index: int, spec: ValueAt, depth: int, first: int = 0
    ) -> Iterator[OwnRetry]:
        call = file.calls[index]
        names = (spec.argument, *spec.also)
        found = (expression_at(call, name, spec.position if number == 0 else None) for number, name in enumerate(names))
        given = next((expr for expr in found if expr is not None), None)
        if given is None:
            return
        for number in self._numbers(file, index, given, spec.keys):
            if number > first:
                written = f"{shown(file, call.callee)}({spec.argument})"
                yield OwnRetry(number - first, file.place(call.span), written)
        for value in self._graph.evaluator.argument(file, index, given):
            if isinstance(value, Instance) and value.made is not None:
                inner = self._of_making(value.made, depth + 1)
                if inner is not None:
                    yield inner

    def _numbers(self, file: FileIndex, index: int, given: Expr, keys: tuple[str, ...]) -> Iterator[int]:
        evaluator = self._graph.evaluator
        if keys:
            yield from numbers_below(self._graph.program, evaluator, file, index, given, keys)
            return
        for value in evaluator.argument(file, index, given):
            if isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool):
                yield value.value

    def _mounted(self, file: FileIndex, index: int, depth: int) -> Iterator[OwnRetry]:
        """Adapters given to the client after its making, in its own file."""
        names = {
            shown(file, binding.target)
            for binding in file.facts.bindings
            if getattr(binding.value, "index", None) == index and type(binding.value).__name__ == "CallRef"
        }
        carriers = self._carriers(file, index)
        for other in range(len(file.calls)) if names and carriers else ():
            callee = file.calls[other].callee
            if isinstance(callee, Attribute) and callee.name in carriers and shown(file, callee.of) in names:
                for argument in file.calls[other].arguments:
                    for value in self._graph.evaluator.argument(file, other, argument.value):
                        made = value.made if isinstance(value, Instance) else None
                        inner = self._of_making(made, depth + 1) if made is not None else None
                        if inner is not None:
                            yield inner

    def _carriers(self, file: FileIndex, index: int) -> tuple[str, ...]:
        catalog = self._graph.program.catalog
        for one in self._graph.of(file.path, index):
            made = catalog.makings.get(one.path) if one.path else None
            client = catalog.clients.get(made) if made is not None else None
            if client is not None:
                return client.carriers
        return ()
