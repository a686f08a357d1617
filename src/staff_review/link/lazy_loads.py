"""Relations read object by object in a loop over a query that did not load them along."""

from __future__ import annotations

from collections.abc import Iterator

from ..acts import Act
from ..burdens import LazyLoad
from ..facts import Attribute, Block, CallRef, Const, Expr, Name, Sequence
from ..findings import Step
from .arguments import passed_for_parameter
from .chains import Chain, Chains, Link
from .contexts import Contexts
from .graph import Graph
from .index import FileIndex
from .relations import Relation, Relations
from .sites import Sites
from .spoken import Spoken, spoken_in
from .values import ClassValue, FunctionKey

_EVERYTHING = "*"
"""What a plan that cannot be read in full is taken to load."""


class LazyLoads:
    """Finds them, in the loop itself or in the function or method that each object is handed to."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._chains = chains
        self._relations = relations
        paths = graph.program.catalog.acts.exact()
        asking = [path for path in paths if not {Act.READ, Act.NARROW}.isdisjoint(chains.acts(path))]
        self._asking = frozenset(path.rpartition(".")[2] for path in asking) | {"all"}
        changing = (path for path in paths if Act.WRITE in chains.acts(path))
        self._changing = frozenset(path.rpartition(".")[2] for path in changing)

    def find(self) -> Iterator[LazyLoad]:
        """Every relation that a loop makes the database answer for, once for each loop, in file order."""
        for path in sorted(self._graph.program.opened):
            for number, block in self._chains.loops(path):
                yield from self._in_loop(self._graph.program.opened[path], number, block)

    def _in_loop(self, file: FileIndex, number: int, block: Block) -> Iterator[LazyLoad]:
        name = _variable(block)
        chains = self._chains.iterated(file, block) if name else []
        if not chains or not all(self._gives_objects(chain) for chain in chains):
            return
        root = chains[0].root
        relations = self._relations.of(root) if root is not None else {}
        planned = {one for chain in chains for one in self._planned(chain)}
        if not relations or _EVERYTHING in planned or self._loads_later(file, block.function):
            return
        lazy = {key: one for key, one in relations.items() if key not in planned}
        seen: set[str] = set()
        for spoken in spoken_in(file, block.function):
            if file.inside(spoken.block, number):
                for relation, text, trail in self._reads(file, spoken, name, lazy, root):
                    if relation not in seen:
                        seen.add(relation)
                        read = Step(file.place(spoken.span), f"`{text}` is read for each item")
                        loop = self._contexts.of(file, number).loops[0]
                        function = self._sites.function((file.path, block.function))
                        place = chains[0].place or read.place
                        yield LazyLoad(place, function, text, relation, loop, (read, *trail))

    def _gives_objects(self, chain: Chain) -> bool:
        """Whether the rows of a query are objects of its class, not values picked from them."""
        if chain.root is None:
            return False
        for link in chain.links:
            acts = self._chains.acts(link.path)
            if Act.COLUMNS in acts:
                return False
            if Act.READ in acts and Act.ALL_ROWS not in acts:
                return True
        return True

    def _loads_later(self, file: FileIndex, function: int) -> bool:
        """Whether the function loads relations of objects that it already has."""
        return any(
            Act.ALONG in self._chains.acts(one.path) and one.receiver is None
            for index in file.calls_in.get(function, ())
            for one in self._graph.of(file.path, index)
            if one.path
        )

    def _planned(self, chain: Chain) -> Iterator[str]:
        """The relations that a query loads along; everything, where its plan cannot be read."""
        for link in chain.links:
            if Act.ALONG in self._chains.acts(link.path):
                yield from _named_in(link)

    def _reads(
        self, file: FileIndex, spoken: Spoken, name: str, lazy: dict[str, Relation], root: ClassValue | None
    ) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
        expr = spoken.expr
        found = self._read(file, spoken, name, lazy)
        if found:
            yield found, f"{name}.{found}", ()
        elif isinstance(expr, Attribute) and expr.of == Name(name) and root is not None:
            yield from self._in_member(expr, name, lazy, root)
        elif isinstance(expr, Name) and expr.id == name:
            yield from self._handed_over(file, spoken, name, lazy)

    def _read(self, file: FileIndex, spoken: Spoken, name: str, lazy: dict[str, Relation]) -> str:
        """The relation that an expression reads from the object `name`, if it is one."""
        expr = spoken.expr
        by_call = expr.of if isinstance(expr, Attribute) and isinstance(expr.of, Attribute) else None
        for inner, called in ((expr, False), (by_call, True)):
            relation = lazy.get(inner.name) if isinstance(inner, Attribute) and inner.of == Name(name) else None
            if relation is not None and relation.by_call == called:
                return relation.name if not called or self._asks(file, spoken) else ""
        return ""

    def _asks(self, file: FileIndex, spoken: Spoken) -> bool:
        """Whether a member of a relation's manager reads: what adds, removes or changes rows does not."""
        if not isinstance(spoken.expr, Attribute) or spoken.expr.name not in self._asking:
            return False
        calls = file.calls_in.get(file.facts.blocks[spoken.block].function, ())
        own = {index for index in calls if file.calls[index].callee == spoken.expr}
        after = (file.calls[index].callee for index in calls)
        return not any(
            isinstance(callee, Attribute)
            and isinstance(callee.of, CallRef)
            and callee.of.index in own
            and callee.name in self._changing
            for callee in after
        )

    def _in_member(
        self, expr: Attribute, name: str, lazy: dict[str, Relation], root: ClassValue
    ) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
        """Relations that a method or property of the object's own class reads."""
        for path, index in self._graph.evaluator.members.lineage(root.path, root.index):
            home = self._graph.program.file(path)
            method = home.methods.get((index, expr.name)) if home is not None else None
            if home is not None and method is not None and home.function(method).parameters:
                yield from self._inside(home, (path, method), home.function(method).parameters[0].name, lazy, name)
                return

    def _handed_over(
        self, file: FileIndex, spoken: Spoken, name: str, lazy: dict[str, Relation]
    ) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
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
                        yield from self._inside(home, one.function, parameter.name, lazy, name)

    def _inside(
        self, home: FileIndex, key: FunctionKey, parameter: str, lazy: dict[str, Relation], name: str
    ) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
        for spoken in spoken_in(home, key[1]):
            found = self._read(home, spoken, parameter, lazy)
            if found:
                step = Step(home.place(spoken.span), f"`{home.function(key[1]).qualified}` reads `{parameter}.{found}`")
                yield found, f"{name}.{found}", (step,)


def _is_passed(call: object, home: FileIndex, key: FunctionKey, parameter: str, expr: Expr) -> bool:
    return passed_for_parameter(call, home.function(key[1]), parameter) == expr  # type: ignore[arg-type]


def _variable(block: Block) -> str:
    """The name that each object has in a loop; with a counter before it, the second one."""
    target = block.target
    if isinstance(target, Sequence) and len(target.items) == 2 and isinstance(block.subject, CallRef):
        target = target.items[1]
    return target.id if isinstance(target, Name) else ""


def _named_in(link: Link) -> Iterator[str]:
    """The names in the arguments of one step of a plan; ``author__team`` names both."""
    arguments = link.file.calls[link.call].arguments
    stack: list[Expr] = [argument.value for argument in arguments]
    if not arguments or any(argument.spread for argument in arguments):
        yield _EVERYTHING
    while stack:
        here = stack.pop()
        if isinstance(here, Const):
            yield from str(here.value).split("__")
        elif isinstance(here, Attribute):
            yield here.name
        elif isinstance(here, CallRef):
            call = link.file.calls[here.index]
            stack.extend(argument.value for argument in call.arguments)
            if isinstance(call.callee, Attribute):
                stack.append(call.callee.of)
        elif isinstance(here, Sequence):
            stack.extend(here.items)
        elif isinstance(here, Name):
            yield _EVERYTHING
