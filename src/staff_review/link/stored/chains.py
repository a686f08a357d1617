"""How a query was built: the calls from what runs it back to the class that its rows are objects of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Await, Binary, Block, CallRef, Expr, Item, Name
from ...nouns.source import Place, Span
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex, leaf_of
from ..files.values import UNKNOWN, ClassValue, FunctionKey, Instance, Object, Value, Values, Written
from .links import Link
from .managers import Managers
from .own_steps import OwnSteps

_DEEP = 24
"""Calls that one query is built by, on all its ways."""
_INNER = "()."
"""After the call in the path of what it gives, where the catalog does not say what that is."""


class Chain(NamedTuple):
    """The calls that may have built one query, the last one first.

    `root` is the class of its rows, and `begins` the call that names it, where known; `through` is the relation of an
    object that holds the rows, if one does.
    """

    links: tuple[Link, ...]
    root: ClassValue | None = None
    begins: Link | None = None
    through: str = ""

    @property
    def awaited(self) -> bool:
        """Whether a coroutine runs it: its rows cannot ask for more behind an attribute, they raise instead."""
        return any(link.file.calls[link.call].awaited for link in self.links)

    @property
    def place(self) -> Place | None:
        """Where the query begins, or is built on last if a function began it, with all that is chained to it there."""
        if self.begins is None:
            return None
        at = self.begins if self.begins.function == self.links[0].function else self.links[0]
        file, first = at.file, at.file.calls[at.call].span
        spans = [one.file.calls[one.call].span for one in self.links if one.file is file]
        return file.place(max(one for one in spans if (one.line, one.column) == (first.line, first.column)))


class Chains:
    """Follows queries through calls, variables and functions of the program."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._evaluator = graph.evaluator
        paths = graph.program.catalog.acts.exact()
        beginning = sorted({path.rpartition(".")[2] for path in paths if Act.BEGIN in self.acts(path)})
        self._own_steps = OwnSteps(graph, beginning)
        self._managers = Managers(graph, beginning, self._is_step)
        # By the last name of a call that says what to load along: what the catalog calls it.
        self.along = {path.rpartition(".")[2]: path for path in sorted(paths) if Act.ALONG in self.acts(path)}

    def acts(self, path: str) -> frozenset[Act]:
        """What a call of that canonical path does."""
        return self._graph.program.catalog.does(path)

    def loops(self, path: str) -> Iterator[tuple[int, Block]]:
        """The loops of a file that run over something, by number."""
        for number, block in enumerate(self._graph.program.opened[path].facts.blocks):
            if block.kind == "loop" and block.form != "while" and block.subject is not None:
                yield number, block

    def iterated(self, file: FileIndex, block: Block) -> list[Chain]:
        """The queries that a loop may run over; empty when one of them cannot be followed."""
        subject = block.subject
        if isinstance(subject, CallRef):
            inner = self._wrapped(file, subject.index)
            subject = inner if inner is not None else subject
        at = block.span
        return [] if subject is None else self.of(file, block.parent, subject, at.line, at.column, cut=True)

    def _wrapped(self, file: FileIndex, index: int) -> Expr | None:
        """What ``enumerate(…)`` and its like run over."""
        for one in self._graph.of(file.path, index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is not None and meaning.means == "items" and meaning.value is not None:
                return expression_at(file.calls[index], meaning.value.argument, meaning.value.position)
        return None

    def of(self, file: FileIndex, block: int, expr: Expr, line: int, column: int, *, cut: bool = False) -> list[Chain]:
        """The queries that an expression may stand for; empty when one of them cannot be followed.

        With `cut`, also those of which only a slice is taken.
        """
        expr = bare(expr, cut=cut)
        if isinstance(expr, CallRef):
            chain = self.of_call(file, expr.index)
            values = self._evaluator.call(file, expr.index)
            if chain is not None and (chain.root is not None or not any(map(self._made, values))):
                return [chain]
        found: list[Chain] = []
        values = self._evaluator.values(file, block, expr, line, column)
        unsure = UNKNOWN in values and any(self._is_unsure(home) for home in map(self._made, values) if home)
        for value in values:
            if value == UNKNOWN and unsure:
                continue
            home = self._made(value)
            if (
                cut
                and isinstance(value, Written)
                and value.path == file.path
                and bare(value.expr) not in (value.expr, expr)
            ):
                found.extend(self.of(file, value.block, value.expr, line, column, cut=True))
                continue
            chain = self.of_call(*home) if home is not None else None
            if chain is None:
                return []
            found.append(chain)
        return found

    def classes_of(self, file: FileIndex, block: int, expr: Expr, at: Span) -> frozenset[str]:
        """The names of the classes, bases included, that an expression at a place is known to be an object of."""
        values = self._evaluator.values(file, block, expr, at.line, at.column)
        found = [(value.path, value.index) for value in values if isinstance(value, Object)]
        if not found:
            chains = self.of(file, block, expr, at.line, at.column)
            found = [(chain.root.path, chain.root.index) for chain in chains if chain.root is not None]
        lineages = (self._evaluator.members.lineage(*home) for home in found)
        files = ((self._graph.program.file(path), index) for lineage in lineages for path, index in lineage)
        return frozenset(home.cls(index).name for home, index in files if home is not None)

    def of_call(self, file: FileIndex, index: int) -> Chain | None:
        """The query that a call runs or builds on, with the calls of every way that it may have been built."""
        return self._of_calls([(file, index)])

    def _of_calls(self, todo: list[tuple[FileIndex, int]]) -> Chain | None:
        links: list[Link] = []
        root: ClassValue | None = None
        begins: Link | None = None
        seen = {(file.path, index) for file, index in todo}
        while todo and len(links) < _DEEP:
            here = todo.pop(0)
            one, own = self._step(*here)
            if one is None:
                continue
            links.append(Link(one.path, *here))
            links.extend(own)
            links.extend(self._by_helpers(*here))
            found = self._root(*here, one)
            if found is not None and root is None:
                root, begins = found, links[-1]
                links.extend(self._managers.adds(*here))
            fresh = [home for home in self._before(*here, one) if (home[0].path, home[1]) not in seen]
            todo.extend(fresh if found is None else ())
            seen.update((home[0].path, home[1]) for home in fresh)
        return Chain(tuple(links), root, begins) if links else None

    def is_empty(self, chain: Chain) -> bool:
        """Whether a query is built to find nothing."""
        acts = self._graph.program.catalog.acts
        limits = (entry.options.get("limit") for link in chain.links for entry in acts.get(link.path) or ())
        return any(limit is not None and limit.default == 0 for limit in limits)

    def _step(self, file: FileIndex, index: int) -> tuple[Resolved | None, list[Link]]:
        """What a call is as a step of a query, None if it is none; and what it stands for if the program wrote it."""
        found = self._graph.of(file.path, index)
        one = next((one for one in found if one.path), None)
        if one is not None and _INNER in one.path:  # what a step of the program's own gives is a query as before
            owner, _, _ = one.path.partition(_INNER)
            one = msgspec.structs.replace(one, path=f"{owner.rpartition('.')[0]}.{one.path.rpartition('.')[2]}")
        if one is not None and self._is_step(one.path):
            return one, []
        own = self._own_steps.of(file, index) if found else None
        return (found[0] if own is not None else None), own or []

    def _is_step(self, path: str) -> bool:
        """Whether the catalog knows a call as one that builds or runs queries."""
        catalog = self._graph.program.catalog
        return catalog.acts.get(path) is not None or catalog.makers.get(path) is not None

    def _root(self, file: FileIndex, index: int, one: Resolved) -> ClassValue | None:
        """The class that a query begins with: ``Order.objects.all()``, ``select(Order)``."""
        if isinstance(one.receiver, ClassValue):
            return one.receiver
        call = file.calls[index]
        passed = positional(call)
        only = len(passed) == 1 or (len(passed) == 2 and Act.READ in self.acts(one.path))  # ``get(Order, number)``
        if only and not passed[0].spread and Act.NARROW not in self.acts(one.path):
            values = self._evaluator.argument(file, index, passed[0].value)
            if len(values) == 1 and isinstance(values[0], ClassValue):
                return values[0]
        return self._managers.class_of(file, index, call.callee.of) if isinstance(call.callee, Attribute) else None

    def _by_helpers(self, file: FileIndex, index: int) -> Iterator[Link]:
        """What functions that the query was handed through may load along: ``rows = with_owners(rows)``."""
        for path, function in self._helpers(file, index):
            home = self._graph.program.opened.get(path)
            for call in home.calls_in.get(function, ()) if home is not None else ():
                along = self.along.get(leaf_of(home.calls[call].callee)) if home is not None else None
                if home is not None and along is not None:
                    yield Link(along, home, call)

    def _helpers(self, file: FileIndex, index: int) -> Iterator[FunctionKey]:
        """The functions of the program that give the variable which a call is made on its value."""
        callee = file.calls[index].callee
        name = callee.of if isinstance(callee, Attribute) else None
        function = file.facts.blocks[file.calls[index].block].function
        for binding in file.bindings_in.get(function, ()) if isinstance(name, Name) else ():
            if binding.target == name and isinstance(binding.value, CallRef):
                found = self._graph.of(file.path, binding.value.index)
                yield from (one.function for one in found if one.function is not None)

    def _before(self, file: FileIndex, index: int, one: Resolved) -> list[tuple[FileIndex, int]]:
        """The calls that may have given what this one works on: its statement, or its receiver."""
        call = file.calls[index]
        source = self._statement(file, index, one)
        if source is None and isinstance(call.callee, Attribute):
            source = call.callee.of
        source = bare(source, cut=False) if source is not None else None
        if isinstance(source, CallRef):
            found = self._graph.of(file.path, source.index)
            own = found and all(step.function is not None for step in found)  # a function of the program gives it
            own = own and self._step(file, source.index)[0] is None
            return self._alternatives(self._evaluator.call(file, source.index)) if own else [(file, source.index)]
        return self._alternatives(self._evaluator.argument(file, index, source)) if source is not None else []

    def _alternatives(self, values: Values) -> list[tuple[FileIndex, int]]:
        """The calls that made several possible queries; none when one of them cannot be known."""
        made = [home for home in map(self._made, values) if home is not None]
        known = len(made) == len(values) - (UNKNOWN in values)
        sure = UNKNOWN not in values or any(self._is_unsure(home) for home in made)
        return made if known and sure else []

    def _is_unsure(self, home: tuple[FileIndex, int]) -> bool:
        """Whether what a call gives may be unknown too, as on a parameter with a type: then nothing else is unknown."""
        return UNKNOWN in self._evaluator.call(*home)

    def _made(self, value: Value) -> tuple[FileIndex, int] | None:
        made = value.made if isinstance(value, Instance) else None
        file = self._graph.program.file(made[0]) if made is not None else None
        return (file, made[1]) if made is not None and file is not None else None

    def _statement(self, file: FileIndex, index: int, one: Resolved) -> Expr | None:
        for entry in self._graph.program.catalog.acts.get(one.path) or ():
            at = entry.options.get("text") if Act.STATEMENT in entry.does else None
            expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
            if expr is not None:
                return expr
        return None


def bare(expr: Expr, *, cut: bool = True) -> Expr:
    """What is awaited, or cut into a slice."""
    while isinstance(expr, Await) or (cut and isinstance(expr, Item) and _is_slice(expr)):
        expr = expr.of
    return expr


def _is_slice(expr: Item) -> bool:
    return isinstance(expr.key, Binary) and expr.key.op == ":"
