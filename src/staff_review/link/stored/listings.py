"""Rows that are all shown: handed to a serialiser together, listed by a view that names it, or given to a feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.facts import Attribute, CallRef, Const, Expr, Mapping, Name
from ...nouns.source import Place, Span
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.spoken import spoken_in
from ..files.values import ClassValue, External
from .chains import Chain, Chains, Link, bare
from .related import related_rows
from .relations import Relations
from .serialisers import Serialisers

_QUERY = "get_queryset"
_OWN = ("super", "self", "cls")


class Rows(NamedTuple):
    """An expression that stands for rows, in a block of a function, and the statement or call that it is part of."""

    file: FileIndex
    block: int
    expr: Expr
    at: Span
    function: int


class Listing(NamedTuple):
    """Rows with the queries that may give them, where those are asked for, and the serialisers that may show them."""

    rows: Rows
    chains: tuple[Chain, ...]
    place: Place | None
    serialisers: tuple[ClassValue, ...]


class Listings:
    """Finds them in the open files."""

    def __init__(self, graph: Graph, chains: Chains, relations: Relations, serialisers: Serialisers) -> None:
        self._graph = graph
        self._chains = chains
        self._relations = relations
        self._serialisers = serialisers

    def find(self) -> Iterator[Listing]:
        """All of them, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index, call in enumerate(file.calls if "many" in file.keywords else ()):
                if any(one.name == "many" and one.value == Const(True) for one in call.arguments):
                    yield from self._called(file, index)
            for number in range(len(file.facts.classes)):
                yield from self._listed(file, number)
                yield from self._fed(file, number)

    def _called(self, file: FileIndex, index: int) -> Iterator[Listing]:
        call = file.calls[index]
        expr = expression_at(call, "instance", 0)
        if expr is None:
            return
        for value in self._graph.evaluator.callee(file, index):
            if isinstance(value, ClassValue) and self._serialisers.is_one(value):
                function = file.facts.blocks[call.block].function
                yield self._listing(Rows(file, call.block, expr, call.span, function), [value])

    def _listed(self, file: FileIndex, number: int) -> Iterator[Listing]:
        members = self._graph.evaluator.members
        bases = members.library_bases(file.path, number)
        if not any(Act.LIST_ROWS in self._chains.acts(base) for base in bases):
            return
        view = ClassValue(file.path, number)
        serialisers = self._serialisers_of(view)
        method = file.methods.get((number, _QUERY))
        if not serialisers:
            return
        if method is None:
            rows = self._named(view) if self._names_itself(file, number) else None
            if rows is not None:
                yield self._listing(rows, serialisers, self._by_bases(view))
            return
        rows = self._returned(file, method)
        if rows is not None:
            listing = self._listing(rows, serialisers)
            yield listing if listing.chains else self._inherited(view, rows, serialisers)

    def _fed(self, file: FileIndex, number: int) -> Iterator[Listing]:
        """The items that a class gives, and then shows one by one with methods of its own."""
        feed = ClassValue(file.path, number)
        bases = self._graph.evaluator.members.library_bases(file.path, number)
        for (owner, name), method in file.methods.items() if bases else ():
            if owner == number and any(Act.LIST_ROWS in self._chains.acts(f"{base}.{name}") for base in bases):
                rows = self._returned(file, method)
                if rows is not None:
                    yield self._listing(rows, [feed])

    def _returned(self, file: FileIndex, method: int) -> Rows | None:
        """The rows that a method gives, where there is only one way to."""
        jumps = [jump for jump in file.jumps_in.get(method, ()) if jump.kind == "return"]
        value = jumps[0].value if len(jumps) == 1 else None
        return Rows(file, jumps[0].block, value, jumps[0].span, method) if value is not None else None

    def _listing(self, rows: Rows, serialisers: list[ClassValue], also: tuple[Link, ...] = ()) -> Listing:
        chains = self._built(rows)
        place = chains[0].place or rows.file.place(rows.at) if chains else None
        with_also = tuple(chain._replace(links=(*chain.links, *also)) for chain in chains)
        return Listing(rows, with_also, place, tuple(serialisers))

    def _inherited(self, view: ClassValue, rows: Rows, serialisers: list[ClassValue]) -> Listing:
        """What a view makes of the query that its class names: ``super().get_queryset().filter(…)``."""
        named = self._named(view) if _root_of(rows) in _OWN else None
        outer = bare(rows.expr)
        if named is None or not isinstance(outer, CallRef):
            return Listing(rows, (), None, tuple(serialisers))
        found = self._listing(named, serialisers, self._by_bases(view))
        return found._replace(rows=rows, place=rows.file.place(rows.file.calls[outer.index].span))

    def _names_itself(self, file: FileIndex, number: int) -> bool:
        block = file.cls(number).block
        return any(one.block == block and one.target == Name("queryset") for one in file.facts.bindings)

    def _named(self, view: ClassValue) -> Rows | None:
        """The query that a view or the nearest of its bases names in its body."""
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            file = self._graph.program.file(path)
            for binding in file.facts.bindings if file is not None else ():
                if file is not None and binding.block == file.cls(index).block and binding.target == Name("queryset"):
                    return Rows(file, binding.block, binding.value, binding.span, 0) if binding.value else None
        return None

    def _by_bases(self, view: ClassValue) -> tuple[Link, ...]:
        """What the methods of a view and its bases that build the query may load along."""
        found: list[Link] = []
        for home, method in self._building(view):
            for call in home.calls_in.get(method, ()):
                along = self._chains.along.get(leaf_of(home.calls[call].callee))
                if along is not None:
                    found.append(Link(along, home, call))
        return tuple(found)

    def _building(self, view: ClassValue) -> Iterator[tuple[FileIndex, int]]:
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            home = self._graph.program.file(path)
            for name in (_QUERY, "filter_queryset"):
                method = home.methods.get((index, name)) if home is not None else None
                if home is not None and method is not None:
                    yield home, method

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

    def _built(self, rows: Rows) -> list[Chain]:
        chains = self._chains.of(rows.file, rows.block, rows.expr, rows.at.line, rows.at.column, cut=True)
        if chains and all(chain.root is not None for chain in chains):
            return chains
        held = related_rows(self._chains, self._relations, rows.file, rows.block, rows.expr, rows.at)
        return [held] if held is not None else self._of_manager(rows)

    def _of_manager(self, rows: Rows) -> list[Chain]:
        """All rows of a class, where its manager alone is named: ``queryset = Order.objects``."""
        values = self._graph.evaluator.values(rows.file, rows.block, rows.expr, rows.at.line, rows.at.column)
        manager = values[0] if len(values) == 1 else None
        known = isinstance(manager, External) and self._graph.program.catalog.makers.get(manager.path) is not None
        root = manager.receiver if known and isinstance(manager, External) else None
        return [Chain((), root)] if isinstance(root, ClassValue) else []


def _root_of(rows: Rows) -> str:
    """The name that an expression begins with, through calls and attributes."""
    here = rows.expr
    while isinstance(here, (Attribute, CallRef)):
        here = here.of if isinstance(here, Attribute) else rows.file.calls[here.index].callee
    return here.id if isinstance(here, Name) else ""
