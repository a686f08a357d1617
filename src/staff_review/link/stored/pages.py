"""Pages that code renders: which template, and what it is given under which name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.acts import Act, ValueAt
from ...nouns.facts import Binary, CallRef, Const, Expr, Item, Mapping, Name
from ...nouns.source import Span
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.values import ClassValue, Literal
from .listings import Listing, Listings
from .parts import Parts
from .templates import Templates
from .views import Rows

_MAKES_MAPPING = "dict"
_DEEP = 2
"""Functions that a mapping is followed into, one out of another."""


class Page(NamedTuple):
    """Rows that a template is given under a name."""

    listing: Listing
    template: FileIndex
    name: str


class Pages:
    """Finds those that are given rows, in the open files; which call renders and what views name are the catalog's."""

    def __init__(self, graph: Graph, listings: Listings, templates: Templates) -> None:
        self._graph = graph
        self._listings = listings
        self._templates = templates
        self._parts = Parts(graph)

    def find(self) -> Iterator[Page]:
        """All of them, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index in self._graph.library_calls_of(path):
                options = self._rendering(file, index)
                if options is not None:
                    yield from self._called(file, index, options)
            for number in range(len(file.facts.classes)):
                yield from self._viewed(file, ClassValue(path, number))

    def _rendering(self, file: FileIndex, index: int) -> dict[str, ValueAt] | None:
        acts = self._graph.program.catalog.acts
        entries = (entry for one in self._graph.of(file.path, index) for entry in acts.get(one.path) or ())
        return next((entry.options for entry in entries if Act.RENDER in entry.does), None)

    def _called(self, file: FileIndex, index: int, options: dict[str, ValueAt]) -> Iterator[Page]:
        """What a call that renders hands over: in one mapping, or each under the name of an argument."""
        call = file.calls[index]
        at = options["template"]
        name = expression_at(call, at.argument, at.position)
        template = self._template(file, call.block, name, call.span) if name is not None else None
        if template is None:
            return
        function = file.facts.blocks[call.block].function
        given = options.get("context")
        context = expression_at(call, given.argument, given.position) if given is not None else None
        told = self._arguments(file, index) if given is None else ()
        if context is not None:
            told = self._given(file, function, call.block, context, call.span)
        for key, rows in told:
            yield Page(self._listings.of_rows([rows], []), template, key)

    def _viewed(self, file: FileIndex, view: ClassValue) -> Iterator[Page]:
        """What a class hands to its template: the rows that it lists, and what its own method adds."""
        if self._parts.of(view, Act.RENDER) is None:
            return
        listing = self._listings.of_view(view, [])
        template = self._template_of(view, listing)
        if template is None:
            return
        if listing is not None:
            yield from (Page(listing, template, name) for name in self._names(view))
        method = file.methods.get((view.index, self._part(view, "context-by")))
        for key, rows in self._added(file, method) if method is not None else ():
            yield Page(self._listings.of_rows([rows], []), template, key)

    def _template_of(self, view: ClassValue, listing: Listing | None) -> FileIndex | None:
        """The template that a class names, or that is called as its rows are."""
        told = self._literal(view, self._part(view, "template"))
        if told:
            return self._templates.of(told, view.path)
        ending, root = (
            self._part(view, "called-by-class"),
            listing.chains[0].root if listing and listing.chains else None,
        )
        home = self._graph.program.file(root.path) if root is not None else None
        if not ending or home is None or root is None:
            return None
        folder = root.path.split("/")[-2:][0].lower()
        return self._templates.of(f"{folder}/{home.cls(root.index).name.lower()}{ending}", view.path)

    def _names(self, view: ClassValue) -> Iterator[str]:
        """What the template may call the rows that a view lists."""
        names = (self._parts.of(view, Act.RENDER) or {}).get("names")
        yield from names.also if names is not None else ()
        own = self._literal(view, self._part(view, "name"))
        if own:
            yield own

    def _added(self, file: FileIndex, method: int) -> Iterator[tuple[str, Rows]]:
        """What a method puts into the mapping that it gives: key by key, or at once."""
        for owner, name in [key for key in file.items if key[0] == method]:
            yield from self._put(file, owner, name)
        for jump in file.jumps_in.get(method, ()):
            if jump.kind == "return" and jump.value is not None:
                yield from self._given(file, method, jump.block, jump.value, jump.span)
        above = file.function(method).name
        for index in file.calls_in.get(method, ()):
            if leaf_of(file.calls[index].callee) == above:
                yield from self._arguments(file, index)

    def _given(
        self, file: FileIndex, function: int, block: int, expr: Expr, at: Span, depth: int = 0
    ) -> Iterator[tuple[str, Rows]]:
        """What stands under the keys of a mapping: written out, put into a variable, or given by a function."""
        if isinstance(expr, Name):
            yield from self._put(file, function, expr.id)
            for one in file.bindings_in.get(function, ()):
                if one.target == expr and one.value is not None and not isinstance(one.value, Name):
                    yield from self._given(file, function, one.block, one.value, one.span, depth)
        for side in (expr.left, expr.right) if isinstance(expr, Binary) else (expr,):
            if isinstance(side, Mapping):
                for key, value in side.items:
                    if isinstance(key, Const):
                        yield str(key.value), Rows(file, block, value, at, function)
            elif isinstance(side, CallRef) and leaf_of(file.calls[side.index].callee) == _MAKES_MAPPING:
                yield from self._arguments(file, side.index)
            elif isinstance(side, CallRef) and depth < _DEEP:
                yield from self._returned(file, side.index, depth)

    def _returned(self, file: FileIndex, index: int, depth: int) -> Iterator[tuple[str, Rows]]:
        """What a function of the program gives as a mapping."""
        for path, function in (one.function for one in self._graph.of(file.path, index) if one.function is not None):
            home = self._graph.program.opened.get(path)
            for jump in home.jumps_in.get(function, ()) if home is not None else ():
                if home is not None and jump.kind == "return" and jump.value is not None:
                    yield from self._given(home, function, jump.block, jump.value, jump.span, depth + 1)

    @staticmethod
    def _arguments(file: FileIndex, index: int) -> Iterator[tuple[str, Rows]]:
        """What a call passes by name."""
        call = file.calls[index]
        for argument in call.arguments:
            if argument.name is not None:
                yield (
                    argument.name,
                    Rows(file, call.block, argument.value, call.span, file.facts.blocks[call.block].function),
                )

    @staticmethod
    def _put(file: FileIndex, function: int, name: str) -> Iterator[tuple[str, Rows]]:
        """What is put into a variable under a key: ``context["orders"] = orders``."""
        for number in file.items.get((function, name), ()):
            one = file.facts.bindings[number]
            key = one.target.key if isinstance(one.target, Item) else None
            if isinstance(key, Const) and one.value is not None:
                yield str(key.value), Rows(file, one.block, one.value, one.span, function)

    def _template(self, file: FileIndex, block: int, expr: Expr, at: Span) -> FileIndex | None:
        values = self._graph.evaluator.values(file, block, expr, at.line, at.column)
        told = values[0] if len(values) == 1 else None
        name = told.value if isinstance(told, Literal) else None
        return self._templates.of(name, file.path) if isinstance(name, str) else None

    def _part(self, view: ClassValue, part: str) -> str:
        return self._parts.name(view, Act.RENDER, part)

    def _literal(self, view: ClassValue, member: str) -> str:
        found = self._graph.evaluator.members.of(view, member) if member else ()
        told = found[0] if len(found) == 1 else None
        return told.value if isinstance(told, Literal) and isinstance(told.value, str) else ""
