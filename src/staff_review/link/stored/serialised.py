"""Queries whose rows are all shown by a serialiser that reads relations which they did not load along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...acts import Act
from ...burdens import LazyLoad
from ...facts import Const, Expr, Mapping, Name
from ...site import Loop
from ...source import Span
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.spoken import spoken_in
from ..files.values import ClassValue
from ..sites import Sites
from .chains import Chain, Chains
from .object_reads import Wanted
from .plans import EVERYTHING, Plans
from .related import related_rows
from .relations import Relations
from .serialisers import Serialisers


class Rows(NamedTuple):
    """An expression that stands for rows, in a block of a function, and the statement or call that it is part of."""

    file: FileIndex
    block: int
    expr: Expr
    at: Span
    function: int


class Serialised:
    """Finds them: a serialiser called for many objects, and views that list the rows of their query."""

    def __init__(self, graph: Graph, sites: Sites, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._sites = sites
        self._chains = chains
        self._relations = relations
        self._plans = Plans(graph, chains)
        self._serialisers = Serialisers(graph, chains, relations)

    def find(self) -> Iterator[LazyLoad]:
        """Every relation that showing the rows of a query makes the database answer for, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index, call in enumerate(file.calls):
                if any(one.name == "many" and one.value == Const(True) for one in call.arguments):
                    yield from self._called(file, index)
            for number in range(len(file.facts.classes)):
                yield from self._listed(file, number)

    def _called(self, file: FileIndex, index: int) -> Iterator[LazyLoad]:
        call = file.calls[index]
        rows = expression_at(call, "instance", 0)
        if rows is None:
            return
        for value in self._graph.evaluator.callee(file, index):
            if isinstance(value, ClassValue) and self._serialisers.is_one(value):
                function = file.facts.blocks[call.block].function
                yield from self._loads(Rows(file, call.block, rows, call.span, function), [value])

    def _listed(self, file: FileIndex, number: int) -> Iterator[LazyLoad]:
        members = self._graph.evaluator.members
        bases = members.library_bases(file.path, number)
        if not any(Act.LIST_ROWS in self._chains.acts(base) for base in bases):
            return
        view = ClassValue(file.path, number)
        serialisers = self._serialisers_of(view)
        method = file.methods.get((number, "get_queryset"))
        if not serialisers:
            return
        if method is not None:
            returned = [jump for jump in file.jumps_in.get(method, ()) if jump.kind == "return"]
            if len(returned) == 1 and returned[0].value is not None:
                jump = returned[0]
                yield from self._loads(Rows(file, jump.block, returned[0].value, jump.span, method), serialisers)
            return
        for binding in file.facts.bindings:
            if binding.block == file.cls(number).block and binding.target == Name("queryset") and binding.value:
                rows = Rows(file, binding.block, binding.value, binding.span, 0)
                yield from self._loads(rows, serialisers)

    def _serialisers_of(self, view: ClassValue) -> list[ClassValue]:
        """The serialisers that a view may list its rows with."""
        evaluator = self._graph.evaluator
        for path, index in evaluator.members.lineage(view.path, view.index):
            home = self._graph.program.file(path)
            method = home.methods.get((index, "get_serializer_class")) if home is not None else None
            if home is not None and method is not None:
                return [one for one in self._chosen(home, method) if self._serialisers.is_one(one)]
        found = evaluator.members.of(view, "serializer_class")
        return [one for one in found if isinstance(one, ClassValue) and self._serialisers.is_one(one)]

    def _chosen(self, home: FileIndex, method: int) -> list[ClassValue]:
        """The classes that a method chooses between; only the one for ``list`` where it says which that is."""
        names: list[tuple[Expr, int]] = []
        for expr, block, _ in spoken_in(home, method):
            if isinstance(expr, Mapping):
                for key, value in expr.items:
                    if key == Const("list"):
                        return self._classes(home, block, value)
            if isinstance(expr, Name):
                names.append((expr, block))
        return [one for expr, block in names for one in self._classes(home, block, expr)]

    def _classes(self, home: FileIndex, block: int, expr: Expr) -> list[ClassValue]:
        values = self._graph.evaluator.values(home, block, expr)
        return [value for value in values if isinstance(value, ClassValue)]

    def _loads(self, rows: Rows, serialisers: list[ClassValue]) -> Iterator[LazyLoad]:
        """What all of these serialisers read of some rows."""
        chains = self._built(rows)
        root = chains[0].root if chains else None
        planned = frozenset(one for chain in chains for one in self._plans.of(chain))
        if root is None or EVERYTHING in planned or self._plans.loads_later(rows.file, rows.function):
            return
        known = self._relations.holders(chains[0].through) if chains[0].through else frozenset()
        found = {
            key: one for key, one in self._relations.of(root).items() if key not in planned and one.to not in known
        }
        wanted = Wanted(root, found)
        reads = [{one.relation: one for one in self._serialisers.reads(cls, wanted, planned)} for cls in serialisers]
        reference = self._sites.function((rows.file.path, rows.function))
        place = chains[0].place
        for relation, read in reads[0].items() if place is not None else ():
            if place is not None and all(relation in other for other in reads):
                name = f"{self._graph.program.opened[serialisers[0].path].cls(serialisers[0].index).name}.{relation}"
                yield LazyLoad(
                    place, reference, name, relation, Loop(place, "each", shown(rows.file, rows.expr)), read.trail
                )

    def _built(self, rows: Rows) -> list[Chain]:
        chains = self._chains.of(rows.file, rows.block, rows.expr, rows.at.line, rows.at.column, cut=True)
        if chains and all(chain.root is not None for chain in chains):
            return chains
        held = related_rows(self._chains, self._relations, rows.file, rows.block, rows.expr, rows.at)
        return [held] if held is not None else []
