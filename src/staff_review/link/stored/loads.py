"""Whole results loaded into memory: by a call that fetches all, a loop over a query, or a list made of one."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.burdens import Load
from ...nouns.facts import CallRef, Const, Expr, Mapping
from ..calls.graph import Graph
from ..calls.iterating import is_iteration
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, Instance, Literal, Value
from ..sites import Sites
from .chains import Chain, Chains
from .links import Link


class Loads:
    """Finds them, with how much of the result the building of the query leaves out."""

    def __init__(self, graph: Graph, sites: Sites, chains: Chains) -> None:
        self._graph = graph
        self._sites = sites
        self._seen: set[CallKey] = set()  # the queries that are loaded somewhere, by their last call
        self._chains = chains

    def find(self) -> Iterator[Load]:
        """Every loading of a result that can be followed, in file order; one for each call or loop."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index in self._graph.library_calls_of(path):
                if file.calls[index].block >= 0 and not is_iteration(file, index):
                    yield from self._by_call(file, index)
            for number, block in self._chains.loops(path):
                subject = block.subject
                if subject is not None and not (isinstance(subject, CallRef) and self._fetches(file, subject.index)):
                    yield from self._by_iteration(file, block.parent, subject, block.function, number)

    def _fetches(self, file: FileIndex, index: int) -> bool:
        return any(Act.ALL_ROWS in self._chains.acts(one.path) for one in self._graph.of(file.path, index) if one.path)

    def _by_call(self, file: FileIndex, index: int) -> Iterator[Load]:
        if self._fetches(file, index):
            chain = self._chains.of_call(file, index)
            if chain is not None and not self._bounded_here(file, index):
                call = file.calls[index]
                yield self._load(file, index, file.facts.blocks[call.block].function, chain)
            return
        for one in self._graph.of(file.path, index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is None or meaning.means != "same" or meaning.value is None:
                continue
            expr = expression_at(file.calls[index], meaning.value.argument, meaning.value.position)
            call = file.calls[index]
            if expr is not None and not (isinstance(expr, CallRef) and self._fetches(file, expr.index)):
                function = file.facts.blocks[call.block].function
                yield from self._by_iteration(file, call.block, expr, function, -1, index)

    def _by_iteration(
        self, file: FileIndex, block: int, expr: Expr, function: int, loop: int, index: int = -1
    ) -> Iterator[Load]:
        at = file.facts.blocks[loop].span if loop >= 0 else file.calls[index].span
        values = self._graph.evaluator.values(file, block, expr, at.line, at.column)
        if not values or not all(self._is_lazy(value) for value in values):
            return
        chains = self._chains.of(file, block, expr, at.line, at.column)
        first = {(chain.links[0].file.path, chain.links[0].call) for chain in chains if chain.links}
        if first <= self._seen:
            return  # loaded before: what is run over again is in memory
        self._seen |= first
        if all(self._is_whole(chain) for chain in chains):
            root = self._name_of(chains[0])
            function_ref = self._sites.function((file.path, function))
            yield Load(file.place(at), function_ref, shown(file, expr), whole=True, rows_of=root)

    def _is_lazy(self, value: Value) -> bool:
        """Whether running over an object makes it load everything that its query finds."""
        return isinstance(value, Instance) and Act.ALL_ROWS in self._chains.acts(f"{value.type}.__iter__")

    def _bounded_here(self, file: FileIndex, index: int) -> bool:
        """Whether the loading call itself is given a number: ``to_list(100)``."""
        for argument in file.calls[index].arguments:
            values = self._graph.evaluator.argument(file, index, argument.value)
            if argument.spread or any(not isinstance(v, Literal) or isinstance(v.value, int) for v in values):
                return not any(Act.STATEMENT in self._chains.acts(one.path) for one in self._graph.of(file.path, index))
        return False

    def _load(self, file: FileIndex, index: int, function: int, chain: Chain) -> Load:
        call = file.calls[index]
        return Load(
            file.place(call.span),
            self._sites.function((file.path, function)),
            shown(file, call.callee),
            self._is_whole(chain),
            self._name_of(chain),
            self._text(chain) or self._said_before(file, index, function),
        )

    def _is_whole(self, chain: Chain) -> bool:
        """Whether a query that is known from its beginning leaves nothing out."""
        narrows = any(Act.NARROW in self._chains.acts(link.path) or self._filters(link) for link in chain.links)
        return self._begins(chain) and not narrows

    def _begins(self, chain: Chain) -> bool:
        return chain.root is not None or self._reads(chain.links[-1])

    def _reads(self, link: Link) -> bool:
        """Whether a query begins with a call that names its collection by its receiver."""
        return any(
            Act.READ in entry.does and "filter" in entry.options
            for entry in self._graph.program.catalog.acts.get(link.path) or ()
        )

    def _filters(self, link: Link) -> bool:
        """Whether a call that begins a query is given a filter or a limit of its own."""
        for entry in self._graph.program.catalog.acts.get(link.path) or ():
            for name in ("filter", "limit"):
                at = entry.options.get(name)
                expr = expression_at(link.file.calls[link.call], at.argument, at.position) if at is not None else None
                if expr is not None and expr not in (Mapping(()), Const(None)):
                    return True
        return any(argument.spread for argument in link.file.calls[link.call].arguments)

    def _name_of(self, chain: Chain) -> str:
        home = self._graph.program.file(chain.root.path) if chain.root is not None else None
        return home.cls(chain.root.index).name if home is not None and chain.root is not None else ""

    def _text(self, chain: Chain) -> str:
        """The constant statement that a call of the chain runs."""
        for link in chain.links:
            found = self._statement_of(link.file, link.call, link.path)
            if found:
                return found
        return ""

    def _said_before(self, file: FileIndex, index: int, function: int) -> str:
        """The last constant statement that the same receiver ran before, in the same function."""
        receiver = getattr(file.calls[index].callee, "of", None)
        text = ""
        for other in file.calls_in.get(function, ()):
            call = file.calls[other]
            if call.span >= file.calls[index].span or getattr(call.callee, "of", None) != receiver:
                continue
            for one in self._graph.of(file.path, other):
                if one.path and Act.STATEMENT in self._chains.acts(one.path):
                    text = self._statement_of(file, other, one.path)
        return text

    def _statement_of(self, file: FileIndex, index: int, path: str) -> str:
        for entry in self._graph.program.catalog.acts.get(path) or ():
            at = entry.options.get("text")
            expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
            values = self._graph.evaluator.argument(file, index, expr) if expr is not None else ()
            if len(values) == 1 and isinstance(values[0], Literal) and isinstance(values[0].value, str):
                return values[0].value
        return ""
