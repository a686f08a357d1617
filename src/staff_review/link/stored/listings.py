"""Rows that are all shown: handed to a serialiser together, listed by a view that names it, or given to a feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.facts import Const
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import ClassValue, External
from .chains import Chain, Chains
from .links import Link
from .parts import Parts
from .related import related_rows
from .relations import Relations
from .serialisers import Serialisers
from .views import Rows, Views


class Listing(NamedTuple):
    """Rows with the queries that may give them, where those are asked for, and the serialisers that may show them.

    `along`: what the view has loaded along by naming it; `joins`: names of which one that is a relation to a single
    object has the library join all such.
    """

    rows: Rows
    chains: tuple[Chain, ...]
    place: Place | None
    serialisers: tuple[ClassValue, ...]
    along: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()


class Listings:
    """Finds them in the open files."""

    def __init__(self, graph: Graph, chains: Chains, relations: Relations, serialisers: Serialisers) -> None:
        self._graph = graph
        self._chains = chains
        self._relations = relations
        self._serialisers = serialisers
        self._views = Views(graph, chains, serialisers, Parts(graph))
        acts = graph.program.catalog.acts
        said = [entry.options.get("many") for path in acts.exact() for entry in acts.get(path) or ()]
        self._many = {at.argument for at in said if at is not None}

    def find(self) -> Iterator[Listing]:
        """All of them, in file order."""
        files = [self._graph.program.opened[path] for path in sorted(self._graph.program.opened)]
        for file in files:
            for index in self._for_many(file):
                yield from self._called(file, index)
            for number in range(len(file.facts.classes)):
                yield from self._listed(file, number)
                yield from self._fed(file, number)
        for file in files:
            for index in self._for_many(file):
                yield from self._nested(file, index)

    def _for_many(self, file: FileIndex) -> Iterator[int]:
        """The calls of a file that say that they are for many rows."""
        for index, call in enumerate(file.calls if self._many & file.keywords else ()):
            if any(one.name in self._many and one.value == Const(True) for one in call.arguments):
                yield index

    def _nested(self, file: FileIndex, index: int) -> Iterator[Listing]:
        """The rows that a serialiser inside another shows: which query gives them is not known."""
        call = file.calls[index]
        if file.class_of_block.get(call.block) is not None:
            shown = [one for one in self._graph.evaluator.callee(file, index) if isinstance(one, ClassValue)]
            if len(shown) == 1 and self._serialisers.is_one(shown[0]):
                function = file.facts.blocks[call.block].function
                yield Listing(Rows(file, call.block, call.callee, call.span, function), (), None, (shown[0],))

    def _called(self, file: FileIndex, index: int) -> Iterator[Listing]:
        """The rows that a serialiser is handed at once, by its name or by the view that has it."""
        call = file.calls[index]
        for value in self._graph.evaluator.callee(file, index):
            at = (self._serialisers.options(value) or {}).get("rows")
            expr = expression_at(call, at.argument, at.position) if at is not None else None
            function = file.facts.blocks[call.block].function
            owner = file.function(function).cls
            own = self._views.shown_in(ClassValue(file.path, owner), file, function) if owner >= 0 else []
            shown = [value] if isinstance(value, ClassValue) else own
            if expr is not None and shown and not self._serialisers.is_told_fields(value, call):
                yield self.of_rows([Rows(file, call.block, expr, call.span, function)], shown)

    def _listed(self, file: FileIndex, number: int) -> Iterator[Listing]:
        view = ClassValue(file.path, number)
        serialisers = self._views.serialisers(view) if self._views.is_one(view) else []
        listing = self.of_view(view, serialisers) if serialisers else None
        if listing is not None:
            told = self._serialisers.said_at(view) if self._views.is_registered(view, listing.rows) else None
            joins = self._serialisers.shown(view)
            yield listing._replace(place=told or listing.place, along=self._views.along(view), joins=joins)

    def of_view(self, view: ClassValue, serialisers: list[ClassValue]) -> Listing | None:
        """The rows that a view of its own lists; None where it is another's, or cannot be told."""
        if not self._views.is_one(view):
            return None
        ways = self._views.built(view)
        if ways:
            listing = self.of_rows(ways, serialisers, self._views.added(view, later=True))
            return listing if listing.chains else self._inherited(view, ways, serialisers)
        rows = self._views.named(view) if ways is None and self._views.names_itself(view) else None
        return self.of_rows([rows], serialisers, self._views.added(view)) if rows is not None else None

    def _fed(self, file: FileIndex, number: int) -> Iterator[Listing]:
        """The items that a class gives, and then shows one by one with methods of its own."""
        feed = ClassValue(file.path, number)
        bases = self._graph.evaluator.members.library_bases(file.path, number)
        for (owner, name), method in file.methods.items() if bases else ():
            if owner == number and any(Act.LIST_ROWS in self._chains.acts(f"{base}.{name}") for base in bases):
                jumps = [jump for jump in file.jumps_in.get(method, ()) if jump.kind == "return"]
                ways = [Rows(file, one.block, one.value, one.span, method) for one in jumps if one.value is not None]
                if ways:
                    yield self.of_rows(ways, [feed])

    def of_rows(self, ways: list[Rows], serialisers: list[ClassValue], also: tuple[Link, ...] = ()) -> Listing:
        """The listing of what comes in one of several ways; without queries where one of them cannot be followed."""
        built = [(rows, self._built(rows)) for rows in reversed(ways)]
        found = [(rows, chains) for rows, chains in built if not any(map(self._chains.is_empty, chains))]
        chains = [chain for _, many in found for chain in many] if all(many for _, many in found) else []
        rows = found[0][0] if found else ways[-1]
        if len({chain.root for chain in chains}) > 1:
            chains = []
        place = chains[0].place or rows.file.place(rows.at) if chains else None
        with_also = tuple(chain._replace(links=(*chain.links, *also)) for chain in chains)
        return Listing(rows, with_also, place, tuple(serialisers))

    def _inherited(self, view: ClassValue, ways: list[Rows], serialisers: list[ClassValue]) -> Listing:
        """What a view makes of the query that its class names: ``super().get_queryset().filter(…)``."""
        rows = ways[-1]
        named = self._views.named(view) if all(self._views.is_inherited(view, one) for one in ways) else None
        if named is None:
            return Listing(rows, (), None, tuple(serialisers))
        found = self.of_rows([named], serialisers, self._views.added(view))
        return found._replace(rows=rows, place=rows.file.place(self._views.built_at(view, rows)))

    def _built(self, rows: Rows) -> list[Chain]:
        chains = self._chains.of(rows.file, rows.block, rows.expr, rows.at.line, rows.at.column, cut=True)
        if chains and all(chain.root is not None for chain in chains):
            return chains
        held = related_rows(self._chains, self._relations, rows.file, rows.block, rows.expr, rows.at)
        return [held] if held is not None else self._of_manager(rows)

    def _of_manager(self, rows: Rows) -> list[Chain]:
        """All rows of a class, where it or its manager alone is named: ``queryset = Order.objects``."""
        values = self._graph.evaluator.values(rows.file, rows.block, rows.expr, rows.at.line, rows.at.column)
        named = values[0] if len(values) == 1 else None
        known = isinstance(named, External) and self._graph.program.catalog.makers.get(named.path) is not None
        root = named.receiver if known and isinstance(named, External) else named
        return [Chain((), root)] if isinstance(root, ClassValue) else []
