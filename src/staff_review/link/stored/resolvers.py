"""What showing a graph of objects asks for each of them: queries in the resolvers of what comes in lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.burdens import LazyLoad
from ...nouns.entries import EntryRef
from ...nouns.facts import Attribute, Binary, Const, Expr, Item, Name, Sequence
from ...nouns.site import Loop
from ...nouns.source import Place
from ..calls.flow import names_in, used_by
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from .chains import Chain, Chains
from .questions import Questions
from .related import related_rows
from .relations import Relations

_LISTS = re.compile(
    r"(?:(?:frozen)?set|sequence|iter(?:able|ator)|collection|.*(?:list|connection|paginat|page|many).*)", re.IGNORECASE
)
"""Types and calls that make a field one of many objects: ``list[Order]``, ``graphene.List(Order)``."""
_WORD = re.compile(r"[A-Za-z_]\w*")


class Many(NamedTuple):
    """Where a field gives many objects of a class, as written."""

    place: Place
    text: str


class Resolvers:
    """Finds them, where a field somewhere gives a list of the objects."""

    def __init__(self, graph: Graph, chains: Chains, relations: Relations, questions: Questions) -> None:
        self._graph = graph
        self._chains = chains
        self._relations = relations
        self._questions = questions

    def find(self, entries: Iterable[EntryRef]) -> Iterator[LazyLoad]:
        """The queries that resolvers run for each object, in file order."""
        resolvers = [one for one in entries if one.per_object]
        many = self._many() if resolvers else {}
        for entry in resolvers:
            here = entry.function
            file = self._graph.program.opened[here.path]
            cls = file.function(here.index).cls
            listed = many.get(file.cls(cls).name) if cls >= 0 else None
            if listed is None:
                continue
            site = self._questions.of((here.path, here.index), 0)
            place = site.place if site is not None else self._given(file, here.index)
            if place is not None:
                loop = Loop(listed.place, "each", listed.text)
                yield LazyLoad(place, here, entry.name, "", loop, shown=True, resolved=True)

    def _given(self, file: FileIndex, function: int) -> Place | None:
        """Where a resolver gives rows that a query picks for its object: who shows them has it run."""
        parameters = file.function(function).parameters
        row = parameters[0].name if parameters else ""
        for jump in file.jumps_in.get(function, ()):
            handled = any(file.facts.blocks[one].kind == "handler" for one in file.chain(jump.block))
            if jump.kind != "return" or jump.value is None or handled:
                continue
            chains = self._chains.of(file, jump.block, jump.value, jump.span.line, jump.span.column, cut=True)
            held = related_rows(self._chains, self._relations, file, jump.block, jump.value, jump.span)
            for chain in (*chains, *([held] if held is not None else [])):
                if self._is_picked(chain) and self._is_about(file, function, row):
                    return file.place(jump.span)
        return None

    def _is_picked(self, chain: Chain) -> bool:
        """Whether a query leaves out rows, so that what was loaded along cannot answer it."""
        known = chain.root is not None or bool(chain.through)
        return known and any(Act.NARROW in self._chains.acts(link.path) for link in chain.links)

    @staticmethod
    def _is_about(file: FileIndex, function: int, row: str) -> bool:
        return any(row in used_by(file, index) for index in file.calls_in.get(function, ()))

    def _many(self) -> dict[str, Many]:
        """The classes of which a field gives many objects, by name, and the first such field."""
        found: dict[str, Many] = {}
        entries = self._graph.program.catalog.entries
        roots = {name.partition(".")[0] for name in entries.exact() if (one := entries.get(name)) and one.per_object}
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            if any(one.module.partition(".")[0] in roots for one in file.facts.imports):
                for name, many in self._said(file):
                    found.setdefault(name, many)
        return found

    def _said(self, file: FileIndex) -> Iterator[tuple[str, Many]]:
        """The classes that a file names as those of many objects."""
        typed = [(one.returns, one.span) for one in file.facts.functions if one.cls >= 0]
        inside = file.class_of_block
        typed += [(one.annotation, one.span) for one in file.facts.bindings if one.block in inside]
        for expr, span in typed:
            for item in _lists(expr):
                for name in _named(item.key):
                    yield name, Many(file.place(span), f"{leaf_of(item.of)}[{name}]")
        for call in file.calls:
            if call.block in inside and _LISTS.fullmatch(leaf_of(call.callee)):
                for name in names_in(file, *(one.value for one in call.arguments)):
                    yield name, Many(file.place(call.span), f"{leaf_of(call.callee)}({name})")


def _lists(expr: Expr | None) -> Iterator[Item]:
    """The types with brackets in an annotation that hold several of what stands in them."""
    if isinstance(expr, Binary):
        yield from _lists(expr.left)
        yield from _lists(expr.right)
    elif isinstance(expr, Sequence):
        for one in expr.items:
            yield from _lists(one)
    elif isinstance(expr, Item):
        if _LISTS.fullmatch(leaf_of(expr.of)):
            yield expr
        else:
            yield from _lists(expr.key)


def _named(expr: Expr) -> Iterator[str]:
    """The classes that an annotation names, in quotes too."""
    if isinstance(expr, (Name, Attribute)):
        yield leaf_of(expr)
    elif isinstance(expr, Const) and isinstance(expr.value, str):
        yield from _WORD.findall(expr.value)
    elif isinstance(expr, Binary):
        yield from _named(expr.left)
        yield from _named(expr.right)
    elif isinstance(expr, Item):
        yield from _named(expr.key)
    elif isinstance(expr, Sequence):
        for one in expr.items:
            yield from _named(one)
