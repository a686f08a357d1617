"""Steps of a query that the program wrote itself: methods of its own queries and managers that build on these."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, CallRef, Expr, Name
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.values import FunctionKey
from .links import Link

_COUNTS = frozenset({Act.ALONG, Act.COLUMNS, Act.NARROW})
"""What a step says that whoever shows the rows has to know of."""
_ABOVE = Name("super")


class OwnSteps:
    """Finds them by name, for what a query of the library gives is not known to be one of the program's."""

    def __init__(self, graph: Graph, beginning: list[str]) -> None:
        self._graph = graph
        self._beginning = beginning
        self._named: dict[str, list[FunctionKey]] = {}
        self._files = 0
        self._builds: dict[FunctionKey, bool] = {}

    def of(self, file: FileIndex, index: int) -> list[Link] | None:
        """What a call of such a step does by calls of the library; None where it is none."""
        callee = file.calls[index].callee
        methods = self._methods(callee.name) if isinstance(callee, Attribute) else []
        if not methods or not all(map(self._builds_on_itself, methods)):
            return None
        found: list[Link] = []
        todo, seen = [*methods], set(methods)
        while todo:
            path, function = todo.pop(0)
            home = self._graph.program.opened[path]
            for call in home.calls_in.get(function, ()):
                found.extend(Link(name, home, call) for name in self._said(home, call))
                others = [one for one in self._methods(leaf_of(home.calls[call].callee)) if one not in seen]
                todo.extend(others)
                seen.update(others)
        return found

    def _said(self, home: FileIndex, call: int) -> Iterator[str]:
        for one in self._graph.of(home.path, call):
            acts = self._graph.program.catalog.does(one.path) & _COUNTS if one.path else frozenset()
            if acts - {Act.NARROW} or (acts and home.calls[call].arguments):
                yield one.path

    def _methods(self, name: str) -> list[FunctionKey]:
        """The methods of that name of the classes, in the open files, that are queries or managers of such."""
        opened = self._graph.program.opened
        if len(opened) != self._files:
            self._files = len(opened)
            self._named = {}
            for path in sorted(opened):
                for (_, leaf), method in opened[path].methods.items():
                    self._named.setdefault(leaf, []).append((path, method))
        return [key for key in self._named.get(name, ()) if self._is_of_query(key)]

    def _is_of_query(self, key: FunctionKey) -> bool:
        file = self._graph.program.opened[key[0]]
        bases = self._graph.evaluator.members.library_bases(key[0], file.function(key[1]).cls)
        does = self._graph.program.catalog.does
        rows = any(Act.ALL_ROWS in does(f"{base}.__iter__") for base in bases)
        return rows or any(Act.BEGIN in does(f"{base}.{name}") for base in bases for name in self._beginning)

    def _builds_on_itself(self, key: FunctionKey) -> bool:
        """Whether all that a method gives is built on the query that it belongs to."""
        if key not in self._builds:
            home = self._graph.program.opened[key[0]]
            returned = [one.value for one in home.jumps_in.get(key[1], ()) if one.kind == "return"]
            first = next(iter(home.function(key[1]).parameters), None)
            known = {first.name} if first is not None else set()
            self._builds[key] = bool(returned) and all(_is_built(home, key[1], one, known) for one in returned)
        return self._builds[key]


def _is_built(home: FileIndex, function: int, expr: Expr | None, known: set[str]) -> bool:
    """Whether an expression is made of one of the `known` variables by calls alone, also in steps."""
    while isinstance(expr, CallRef):
        callee = home.calls[expr.index].callee
        if callee == _ABOVE:
            return True
        expr = callee.of if isinstance(callee, Attribute) else None
    if not isinstance(expr, Name):
        return False
    if expr.id in known:
        return True
    given = [one.value for one in home.bindings_in.get(function, ()) if one.target == expr]
    return bool(given) and all(_is_built(home, function, one, known | {expr.id}) for one in given)
