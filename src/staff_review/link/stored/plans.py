"""What queries load along with their rows, as far as it is written down."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Name, Sequence
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex, leaf_of
from ..files.values import ClassValue, FunctionKey
from .chains import Chain, Chains
from .relations import Relations

EVERYTHING = "*"
"""What a plan that cannot be read in full is taken to load."""
_KEYS = ("id", "pk")
"""How the key of a row is called in what narrows a query."""
_OPTIONS = "options"
"""The argument by which a call that loads one object is told what to load along."""


class Plans:
    """Reads them: of one query, of a function that loads for objects it has, and of the whole program."""

    def __init__(self, graph: Graph, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._chains = chains
        self._relations = relations
        self._all: list[frozenset[str]] | None = None
        self._later: dict[FunctionKey, bool] = {}
        self._names = chains.along.keys()

    def of(self, chain: Chain) -> Iterator[str]:
        """The relations that a query loads along; everything, where its plan cannot be read."""
        for link in chain.links:
            acts = self._chains.acts(link.path)
            if Act.ALONG in acts:
                yield from _named_in(link.file, link.call)
            elif Act.NARROW in acts:
                yield from self._same_for_all(link.file, link.call)

    def _same_for_all(self, file: FileIndex, index: int) -> Iterator[str]:
        """The relations that all rows of a step have in common (``Line.order_id == order.id``): loaded once at most."""
        for argument in file.calls[index].arguments:
            value = argument.value
            if isinstance(value, Binary) and value.op == "==" and isinstance(value.left, Attribute):
                other = value.right.of if isinstance(value.right, Attribute) else value.right
                if not any(isinstance(one, ClassValue) for one in self._graph.evaluator.argument(file, index, other)):
                    yield value.left.name.removesuffix("_id")

    def of_one_row(self, chain: Chain) -> bool:
        """Whether a query asks for a single row: by its key, or by what no two rows share."""
        held = self._relations.of(chain.root).values() if chain.root is not None else ()
        keys = {*_KEYS, *(one.name for one in held if one.alone and not one.back)}
        return any(
            argument.name in keys
            for link in chain.links
            if Act.NARROW in self._chains.acts(link.path)
            for argument in link.file.calls[link.call].arguments
        )

    def loads_later(self, file: FileIndex, function: int) -> bool:
        """Whether a function, or one that it calls, loads relations of objects that are there already."""
        key = (file.path, function)
        if key not in self._later:
            called = [one for index in file.calls_in.get(function, ()) for one in self._graph.of(file.path, index)]
            helpers = {one.function for one in called if one.function is not None}
            self._later[key] = any(map(self._is_later, called)) or any(map(self._has_later, helpers))
        return self._later[key]

    def _has_later(self, key: FunctionKey) -> bool:
        file = self._graph.program.opened.get(key[0])
        indices = file.calls_in.get(key[1], ()) if file is not None else ()
        named = (index for index in indices if file is not None and leaf_of(file.calls[index].callee) in self._names)
        return any(self._is_later(one) for index in named for one in self._graph.of(key[0], index))

    def _is_later(self, one: Resolved) -> bool:
        return bool(one.path) and Act.ALONG in self._chains.acts(one.path) and one.receiver is None

    def by_holder(self, chain: Chain, relation: str) -> bool:
        """Whether whoever loaded the object may have loaded its rows with that relation; a new query forgets them."""
        anew = any(link.path.rpartition(".")[2] != "all" for link in chain.links)
        return not anew and self.together(chain.through, relation)

    def together(self, outer: str, inner: str) -> bool:
        """Whether some query of the program loads one relation and, of its objects, another: ``items__product``."""
        if self._all is None:
            files = self._graph.program.opened.values()
            self._all = [frozenset(_named_in(file, index)) for file in files for index in self._written_in(file)]
        return any(outer in plan and inner in plan for plan in self._all)

    def _written_in(self, file: FileIndex) -> Iterator[int]:
        """The calls of a file that say what to load along."""
        for leaf in sorted(self._chains.along.keys() & file.by_leaf.keys()):
            yield from file.by_leaf[leaf]
        told = {_OPTIONS, *self._names}  # by an argument too: ``field(prefetch_related=["items__product"])``
        for index, call in enumerate(file.calls) if told & file.keywords else ():
            if any(argument.name in told for argument in call.arguments):
                yield index


def _named_in(file: FileIndex, index: int) -> Iterator[str]:
    """The names in the arguments of one step of a plan; ``author__team`` names both."""
    arguments = file.calls[index].arguments
    stack: list[Expr] = [argument.value for argument in arguments]
    if not arguments or any(argument.spread for argument in arguments):
        yield EVERYTHING
    while stack:
        here = stack.pop()
        if isinstance(here, Const):
            yield from str(here.value).split("__")
        elif isinstance(here, Attribute):
            yield here.name
        elif isinstance(here, CallRef):
            call = file.calls[here.index]
            stack.extend(argument.value for argument in call.arguments)
            if isinstance(call.callee, Attribute):
                stack.append(call.callee.of)
        elif isinstance(here, Sequence):
            stack.extend(here.items)
        elif isinstance(here, Name):
            yield EVERYTHING
