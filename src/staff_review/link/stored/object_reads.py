"""Which lazy relations are read from an object, here or in the functions, methods and properties it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Binary, Binding, Call, CallRef, Expr, Name
from ...nouns.findings import Step
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.definitions import Spoken
from ..files.index import FileIndex, leaf_of
from ..files.spoken import spoken_in
from ..files.values import ClassValue, FunctionKey
from .chains import Chains
from .relations import Relation

_DEEP = 3
"""Functions that an object is followed into, one out of another."""
_UNITING = ("|", "&", "^")
"""Operators that make one query of two."""


class Wanted(NamedTuple):
    """The lazy relations to look for, by name, of objects of the class `of`."""

    of: ClassValue
    lazy: dict[str, Relation]


class Read(NamedTuple):
    """One relation that is read, and the steps to it."""

    relation: str
    trail: tuple[Step, ...] = ()


class ObjectReads:
    """Finds them under the name that the object has."""

    def __init__(self, graph: Graph, chains: Chains) -> None:
        self._graph = graph
        paths = graph.program.catalog.acts.exact()
        asking = [path for path in paths if not {Act.READ, Act.NARROW}.isdisjoint(chains.acts(path))]
        self._asking = frozenset(path.rpartition(".")[2] for path in asking) | {"all"}
        changing = (path for path in paths if Act.WRITE in chains.acts(path))
        self._changing = frozenset(path.rpartition(".")[2] for path in changing)

    def of(self, file: FileIndex, spoken: Spoken, name: str, wanted: Wanted, depth: int = 0) -> Iterator[Read]:
        """What one expression reads from the object called `name`."""
        expr = spoken.expr
        found = self._read(file, spoken, name, wanted.lazy)
        if found:
            yield Read(found)
        elif depth < _DEEP and isinstance(expr, Attribute) and expr.of == Name(name):
            yield from self._in_member(expr, wanted, depth)
        elif depth < _DEEP and isinstance(expr, Name) and expr.id == name:
            yield from self._handed_over(file, spoken, wanted, depth)

    def in_function(
        self, home: FileIndex, key: FunctionKey, parameter: str, wanted: Wanted, depth: int = 1
    ) -> Iterator[Read]:
        """What a function reads from the object that it is given as `parameter`."""
        name = home.function(key[1]).qualified
        for spoken in spoken_in(home, key[1]):
            for read in self.of(home, spoken, parameter, wanted, depth):
                text = (
                    f"`{name}` reads `{parameter}.{read.relation}`" if not read.trail else f"`{name}` goes on with it"
                )
                yield Read(read.relation, (Step(home.place(spoken.span), text), *read.trail))

    def in_method(self, cls: ClassValue, name: str, position: int, wanted: Wanted, depth: int = 1) -> Iterator[Read]:
        """What a method of a class reads from the object that it is given at `position`, 0 being its own."""
        for path, index in self._graph.evaluator.members.lineage(cls.path, cls.index):
            home = self._graph.program.file(path)
            method = home.methods.get((index, name)) if home is not None else None
            if home is not None and method is not None:
                parameters = home.function(method).parameters
                if len(parameters) > position:
                    yield from self.in_function(home, (path, method), parameters[position].name, wanted, depth)
                return

    def _read(self, file: FileIndex, spoken: Spoken, name: str, lazy: dict[str, Relation]) -> str:
        """The relation that an expression reads from the object `name`, if it is one."""
        expr = spoken.expr
        by_call = expr.of if isinstance(expr, Attribute) and isinstance(expr.of, Attribute) else None
        for inner, called in ((expr, False), (by_call, True)):
            relation = lazy.get(inner.name) if isinstance(inner, Attribute) and inner.of == Name(name) else None
            if relation is not None and relation.by_call == called:
                asks = not called or self._asks(file, spoken)
                return relation.name if asks and not (relation.loaded and _is_whole(file, expr)) else ""
        return ""

    def _asks(self, file: FileIndex, spoken: Spoken) -> bool:
        """Whether a member of a relation's manager reads: what adds, removes or changes rows does not."""
        if not isinstance(spoken.expr, Attribute) or spoken.expr.name not in self._asking:
            return False
        calls = file.calls_in.get(file.facts.blocks[spoken.block].function, ())
        own = {index for index in calls if file.calls[index].callee == spoken.expr}
        bindings = file.bindings_in.get(file.facts.blocks[spoken.block].function, ())
        if any(isinstance(one, CallRef) and one.index in own for one in _united(bindings)):
            return False  # part of a larger query, which is asked later and once
        after = (file.calls[index].callee for index in calls)
        return not any(
            isinstance(callee, Attribute)
            and isinstance(callee.of, CallRef)
            and callee.of.index in own
            and callee.name in self._changing
            for callee in after
        )

    def _in_member(self, expr: Attribute, wanted: Wanted, depth: int) -> Iterator[Read]:
        """Relations that a method or property of the object reads, unless it changes the object: that is for one."""
        if expr.name not in self._changing:
            yield from self.in_method(wanted.of, expr.name, 0, wanted, depth + 1)

    def _handed_over(self, file: FileIndex, spoken: Spoken, wanted: Wanted, depth: int) -> Iterator[Read]:
        """Relations that a function reads which is given the object."""
        function = file.facts.blocks[spoken.block].function
        for index in file.calls_in.get(function, ()):
            call = file.calls[index]
            if call.span != spoken.span or all(argument.value != spoken.expr for argument in call.arguments):
                continue
            for one in self._graph.of(file.path, index):
                home = self._graph.program.opened.get(one.function[0]) if one.function is not None else None
                for parameter in home.function(one.function[1]).parameters if home and one.function else ():
                    if home and one.function and _is_passed(call, home, one.function, parameter.name, spoken.expr):
                        yield from self.in_function(home, one.function, parameter.name, wanted, depth + 1)


def _is_whole(file: FileIndex, expr: Expr) -> bool:
    """Whether a member of a relation is asked for nothing that narrows what it holds: ``items.all()``."""
    calls = (file.calls[index] for index in file.by_leaf.get(leaf_of(expr), ()))
    return not any(call.callee == expr and call.arguments for call in calls)


def _united(bindings: Iterable[Binding]) -> Iterator[Expr | None]:
    """What is put together with a query: ``found |= one`` and ``found = found | one``."""
    for binding in bindings:
        if binding.how == "augment" and binding.op in _UNITING:
            yield binding.value
        elif isinstance(binding.value, Binary) and binding.value.op in _UNITING:
            yield from (binding.value.left, binding.value.right)


def _is_passed(call: Call, home: FileIndex, key: FunctionKey, parameter: str, expr: Expr) -> bool:
    return passed_for_parameter(call, home.function(key[1]), parameter) == expr
