"""Views that list rows: the query that a view names or builds, and the serialisers that it may show its rows with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.facts import Attribute, CallRef, Const, Expr, Mapping, Name, Sequence
from ...nouns.source import Span
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.spoken import spoken_in
from ..files.values import ClassValue
from .actions import is_for
from .chains import Chains, bare
from .links import Link
from .parts import Parts, begins_above
from .plans import EVERYTHING
from .serialisers import Serialisers

_ITSELF = (Name("self"), Name("cls"))
_ABOVE = Name("super")


class Rows(NamedTuple):
    """An expression that stands for rows, in a block of a function, and the statement or call that it is part of."""

    file: FileIndex
    block: int
    expr: Expr
    at: Span
    function: int


class Views:
    """Answers for a class whose library base lists rows; the names of the members are the catalog's."""

    def __init__(self, graph: Graph, chains: Chains, serialisers: Serialisers, parts: Parts) -> None:
        self._graph = graph
        self._chains = chains
        self._serialisers = serialisers
        self._parts = parts

    def is_one(self, view: ClassValue) -> bool:
        """Whether a class lists the rows of a query, or all of a class, that it names, or of a query that it builds."""
        return "rows" in (self._parts.of(view, Act.LIST_ROWS) or ())

    def named(self, view: ClassValue) -> Rows | None:
        """The query, or the class of the rows, that a view or the nearest of its bases names in its body."""
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            file = self._graph.program.file(path)
            found = self._in_body(view, file, file.cls(index).block) if file is not None else None
            if found is not None:
                return found
        return self._registered.get(view)

    def names_itself(self, view: ClassValue) -> bool:
        """Whether a class names its query, or the class of its rows, in its own body, or is registered with one."""
        file = self._graph.program.opened[view.path]
        return view in self._registered or self._in_body(view, file, file.cls(view.index).block) is not None

    def is_registered(self, view: ClassValue, rows: Rows) -> bool:
        """Whether these rows of a view are all of the class that it is registered for."""
        return rows == self._registered.get(view)

    @cached_property
    def _registered(self) -> dict[ClassValue, Rows]:
        """The views that are registered for a class of rows: by a call, or by a decorator."""
        found: dict[ClassValue, Rows] = {}
        for file, index, told in self._graph.library_calls():
            entries = (entry for one in told for entry in self._graph.program.catalog.acts.get(one.path) or ())
            options = next((entry.options for entry in entries if Act.REGISTER in entry.does), None)
            at, to = (options.get("class"), options.get("view")) if options is not None else (None, None)
            call = file.calls[index]
            expr = expression_at(call, at.argument, at.position) if at is not None else None
            if expr is not None and to is not None:
                rows = Rows(file, call.block, expr, call.span, file.facts.blocks[call.block].function)
                view = expression_at(call, to.argument, to.position)
                views = self._classes(file, call.block, view) if view is not None else self._decorated(file, index)
                found.update((one, rows) for one in views)
        return found

    @staticmethod
    def _decorated(file: FileIndex, index: int) -> list[ClassValue]:
        classes = enumerate(file.facts.classes)
        return [ClassValue(file.path, number) for number, cls in classes if CallRef(index) in cls.decorators]

    def along(self, view: ClassValue) -> frozenset[str]:
        """The relations that a view has loaded along by naming them; everything, where that cannot be read."""
        target = Name(self._part(view, "along") or "-")
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            file = self._graph.program.file(path)
            block = file.cls(index).block if file is not None else -1
            for binding in file.facts.bindings if file is not None else ():
                if binding.block == block and binding.target == target:
                    items = binding.value.items if isinstance(binding.value, Sequence) else ()
                    names = [part for item in items if isinstance(item, Const) for part in str(item.value).split("__")]
                    return frozenset(names) if items or binding.value == Const(value=False) else frozenset({EVERYTHING})
        return frozenset()

    def _in_body(self, view: ClassValue, file: FileIndex, block: int) -> Rows | None:
        for part in ("rows", "class"):
            target = Name(self._part(view, part) or "-")
            for binding in file.facts.bindings:
                if binding.block == block and binding.target == target and binding.value is not None:
                    return Rows(file, binding.block, binding.value, binding.span, 0)
        return None

    def built(self, view: ClassValue) -> list[Rows] | None:
        """What a view's own method gives when rows are listed, one for each way; None where it has no such method."""
        file = self._graph.program.opened[view.path]
        method = file.methods.get((view.index, self._part(view, "rows-by")))
        if method is None:
            return None
        jumps = [jump for jump in file.jumps_in.get(method, ()) if jump.kind == "return"]
        meant = [(self._is_for_lists(view, file, jump.block), jump) for jump in jumps]
        sure = [jump for fits, jump in meant if fits] or [jump for fits, jump in meant if fits is None]
        return [Rows(file, jump.block, jump.value, jump.span, method) for jump in sure if jump.value is not None]

    def is_inherited(self, view: ClassValue, rows: Rows) -> bool:
        """Whether rows are built on what the view names or its base gives: ``super().get_queryset().filter(…)``."""
        return self._is_from_above(view, rows, rows.expr)

    def built_at(self, view: ClassValue, rows: Rows) -> Span:
        """Where rows that are built on others are: in a variable, where that is given those for lists, or its first."""
        outer = bare(rows.expr)
        if isinstance(outer, CallRef):
            return rows.file.calls[outer.index].span
        given = [one for one in rows.file.bindings_in.get(rows.function, ()) if one.target == outer]
        for_lists = (one for one in given if self._is_for_lists(view, rows.file, one.block))
        return next((one.span for one in (*for_lists, *given)), rows.at)

    def _is_from_above(self, view: ClassValue, rows: Rows, expr: Expr | None, variable: str = "") -> bool:
        """Whether an expression is, in a method that may first keep it in a variable and then build on that."""
        here = bare(expr) if expr is not None else None
        while isinstance(here, CallRef):
            callee = rows.file.calls[here.index].callee
            if not isinstance(callee, Attribute):
                return False
            outer, here = callee.name, bare(callee.of)
            if here in _ITSELF or (isinstance(here, CallRef) and rows.file.calls[here.index].callee == _ABOVE):
                return outer == self._part(view, "rows-by")
        if isinstance(here, Name) and not variable:
            given = [one.value for one in rows.file.bindings_in.get(rows.function, ()) if one.target == here]
            return bool(given) and all(self._is_from_above(view, rows, one, here.id) for one in given)
        if isinstance(here, Name):
            return here.id == variable
        return isinstance(here, Attribute) and here.name == self._part(view, "rows") and here.of in _ITSELF

    def added(self, view: ClassValue, *, later: bool = False) -> tuple[Link, ...]:
        """What the methods of a view and its bases that build the query may load along; `later`: once it is built."""
        found: list[Link] = []
        for home, method in self._building(view, ("narrowed-by",) if later else ("rows-by", "narrowed-by")):
            for call in home.calls_in.get(method, ()):
                along = self._chains.along.get(leaf_of(home.calls[call].callee))
                if along is not None:
                    found.append(Link(along, home, call))
        return tuple(found)

    def serialisers(self, view: ClassValue) -> list[ClassValue]:
        """The serialisers that a view may list its rows with; it may be its own."""
        if "itself" in (self._parts.of(view, Act.LIST_ROWS) or ()):
            return [view] if self._serialisers.shown(view) else []
        name = self._part(view, "chosen-by")
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            home = self._graph.program.file(path)
            method = home.methods.get((index, name)) if home is not None else None
            if home is not None and method is not None:
                chosen = [one for one in self._chosen(view, home, method) if self._serialisers.is_one(one)]
                return chosen + (self._shown_by(view) if begins_above(home, method, name) else [])
        return self._shown_by(view)

    def shown_in(self, view: ClassValue, file: FileIndex, function: int) -> list[ClassValue]:
        """The serialisers of a view in one of its methods, whose decorator may choose another."""
        name = self._part(view, "shown-by")
        for decorator in file.function(function).decorators:
            call = file.calls[decorator.index] if isinstance(decorator, CallRef) else None
            for argument in call.arguments if call is not None else ():
                if call is not None and argument.name == name:
                    return [
                        one for one in self._classes(file, call.block, argument.value) if self._serialisers.is_one(one)
                    ]
        return self.serialisers(view)

    def _shown_by(self, view: ClassValue) -> list[ClassValue]:
        found = self._graph.evaluator.members.of(view, self._part(view, "shown-by"))
        return [one for one in found if isinstance(one, ClassValue) and self._serialisers.is_one(one)]

    def _part(self, view: ClassValue, part: str) -> str:
        return self._parts.name(view, Act.LIST_ROWS, part)

    def _is_for_lists(self, view: ClassValue, file: FileIndex, block: int) -> bool | None:
        return is_for(file, block, self._part(view, "told-by"), self._part(view, "action"))

    def _building(self, view: ClassValue, parts: tuple[str, ...]) -> Iterator[tuple[FileIndex, int]]:
        for path, index in self._graph.evaluator.members.lineage(view.path, view.index):
            home = self._graph.program.file(path)
            for part in parts:
                method = home.methods.get((index, self._part(view, part))) if home is not None else None
                if home is not None and method is not None:
                    yield home, method

    def _chosen(self, view: ClassValue, home: FileIndex, method: int) -> list[ClassValue]:
        """The classes that a method chooses between; only those for lists where it says which those are."""
        lists = Const(self._part(view, "action"))
        names: list[tuple[Expr, int]] = []
        for expr, block, _ in spoken_in(home, method):
            if isinstance(expr, Mapping):
                for key, value in expr.items:
                    if key == lists:
                        return self._classes(home, block, value)
            if isinstance(expr, Name):
                names.append((expr, block))
        meant = [(self._is_for_lists(view, home, block), expr, block) for expr, block in names]
        sure = [(one, expr, block) for one, expr, block in meant if one is not False]
        found = [cls for one, expr, block in sure if one for cls in self._classes(home, block, expr)]
        return found or [cls for _, expr, block in sure for cls in self._classes(home, block, expr)]

    def _classes(self, home: FileIndex, block: int, expr: Expr) -> list[ClassValue]:
        values = self._graph.evaluator.values(home, block, expr)
        return [value for value in values if isinstance(value, ClassValue)]
