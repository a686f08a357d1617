"""Objects of stored classes that are given to tasks: a worker gets a copy of what the row was."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.exchanges import Handed
from ...nouns.facts import Expr, Mapping, Name, Sequence
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import Given, Instance, Object, Value
from ..sites import Sites


class HandedObjects:
    """Looks at what calls that enqueue a task are given."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[Handed]:
        """Every stored object given to a task, in file order; one for each call."""
        for key in sorted(self._sites.by_call):
            site = self._sites.by_call[key]
            if Act.ENQUEUE not in site.acts or not site.direct:
                continue
            file = self._graph.program.opened[key[0]]
            for expr in self._given(file, key[1]):
                name = self._stored(file, key[1], expr)
                if name:
                    yield Handed(site.place, site.function, site.call, shown(file, expr), name)
                    break

    @staticmethod
    def _given(file: FileIndex, index: int) -> Iterator[Expr]:
        """The arguments, and the items of an ``args=[…]`` or ``kwargs={…}`` written in place."""
        for argument in file.calls[index].arguments:
            if isinstance(argument.value, Sequence):
                yield from argument.value.items
            elif isinstance(argument.value, Mapping):
                yield from (value for _, value in argument.value.items)
            else:
                yield argument.value

    def _stored(self, file: FileIndex, index: int, expr: Expr) -> str:
        """The name of the stored class that a bare name certainly stands for; "" otherwise."""
        if not isinstance(expr, Name):
            return ""
        values = self._graph.evaluator.argument(file, index, expr)
        names = [self._class(value) for value in values if not isinstance(value, Given)]
        return names[0] if names and all(names) else ""

    def _class(self, value: Value) -> str:
        catalog = self._graph.program.catalog
        if isinstance(value, Object):
            home = self._graph.program.file(value.path)
            bases = self._graph.evaluator.members.library_bases(value.path, value.index)
            if home is not None and any(self._keeps(base) for base in bases):
                return home.cls(value.index).name
        if isinstance(value, Instance) and self._keeps(value.type) and catalog.clients.get(value.type) is None:
            return value.type.rpartition(".")[2]
        return ""

    def _keeps(self, base: str) -> bool:
        """Whether objects of a library's class are rows: the making of one is a write."""
        return any(Act.WRITE in act.does for act in self._graph.program.catalog.acts.get(base) or ())
