"""What a retry repeats that is not written inside it: functions handed to a wrapper, and the calls of a client."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import CallRef, Closure, Expr, Name
from ...nouns.project import Site
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.arguments import expression_at, passed_for_parameter
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, FunctionKey, FunctionValue, Instance, Partial
from ..sites import Sites
from .endings import STOPPING

_DEEP = 3
"""Functions that hand on what they were given, from the one that it is given to first."""


class Repeated:
    """Follows the parameters that a retry calls to what the program hands over for them."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites
        self._decorated: dict[str, list[tuple[FileIndex, int, Expr]]] | None = None
        self._resolved: set[str] = set()
        self._by_client: dict[Place, list[Site]] | None = None

    def inside(self, file: FileIndex, block: int) -> tuple[Site, ...]:
        """The remote calls of every function that the program hands over to be called inside a block."""
        found: dict[Place, Site] = {}
        for key in self.handed_to(file, block) or ():
            called = (site for site in self._sites.in_function(key) if is_repeated(site))
            found.update({site.place: site for site in called if not goes_on(site)})
        return tuple(found[place] for place in sorted(found))

    def handed_to(self, file: FileIndex, block: int) -> tuple[FunctionKey, ...] | None:
        """The functions that the program hands over to be called inside a block; None where nothing handed over is."""
        function = file.facts.blocks[block].function
        found: dict[FunctionKey, None] | None = None
        for index in file.calls_in.get(function, ()):
            call = file.calls[index]
            owner = owner_of(file, function, call.callee) if file.inside(call.block, block) else None
            if owner is not None and isinstance(call.callee, Name):
                found = {**(found or {}), **dict.fromkeys(self._given((file.path, owner), call.callee.id))}
        if found is None or file.function(function).is_async:
            return None if found is None else tuple(found)
        return tuple(key for key in found if not self._is_coroutine(key))  # called here, and awaited elsewhere

    def _is_coroutine(self, key: FunctionKey) -> bool:
        home = self._graph.program.file(key[0])
        return home is not None and home.function(key[1]).is_async

    def of_object(self, file: FileIndex, index: int) -> tuple[Site, ...]:
        """The remote calls in the loops over a policy object, and those that it is given to call, in its own file."""
        found: list[Site] = []
        for number in self.loops_over(file, index):
            found += [site for site in self._sites.within(file, number) if is_repeated(site)]
        for inner, outer in file.forwarded.items():
            made = (one.receiver for one in self._graph.of(file.path, outer))
            if any(isinstance(value, Instance) and value.made == (file.path, index) for value in made):
                site = self._sites.by_call.get((file.path, inner))
                found += [site] if site is not None and is_repeated(site) else []
        return tuple(found)

    def is_decorator(self, file: FileIndex, index: int) -> bool:
        """Whether the policy that a call makes is kept under a name by which functions are decorated."""
        made = (one.target for one in file.facts.bindings if one.value == CallRef(index))
        return any(leaf_of(target) in self._all_decorated() for target in made)

    def loops_over(self, file: FileIndex, index: int) -> Iterator[int]:
        """The loops of a file whose rounds are the attempts of a policy object."""
        for number, block in enumerate(file.facts.blocks):
            if block.kind == "loop" and block.subject is not None and self._is_it(file, number, index):
                yield number

    def of_client(self, place: Place) -> tuple[Site, ...]:
        """The calls of clients that were given the policy made at a place."""
        if self._by_client is None:
            self._by_client = {}
            for site in self._sites.by_call.values():
                if site.own_retry is not None and site.own_retry.set_at is not None:
                    self._by_client.setdefault(site.own_retry.set_at, []).append(site)
        return tuple(sorted(self._by_client.get(place, ()), key=lambda site: site.place))

    def _is_it(self, file: FileIndex, number: int, index: int) -> bool:
        block = file.facts.blocks[number]
        if isinstance(block.subject, CallRef):
            return block.subject.index == index
        values = self._graph.evaluator.values(
            file, block.parent, block.subject or Name(""), block.span.line, block.span.column
        )
        return any(isinstance(value, Instance) and value.made == (file.path, index) for value in values)

    def _given(self, wrapper: FunctionKey, parameter: str, depth: int = 0) -> Iterator[FunctionKey]:
        """The functions that callers pass for a parameter, or were themselves given, and those that it decorates."""
        home = self._graph.program.opened[wrapper[0]]
        facts = home.function(wrapper[1])
        for path, index in self._callers(wrapper, facts.name):
            file = self._graph.program.opened[path]
            expr = passed_for_parameter(file.calls[index], facts, parameter)
            around = file.facts.blocks[file.calls[index].block].function
            owner = owner_of(file, around, expr) if expr is not None and depth < _DEEP else None
            if owner is not None and isinstance(expr, Name):
                yield from self._given((path, owner), expr.id, depth + 1)
            elif expr is not None:
                yield from self._functions(file, index, expr)
        if facts.parameters and facts.parameters[0].name == parameter:
            around = home.facts.blocks[facts.parent_block].function
            yield from self._decorated_by(wrapper, called=False)
            if around > 0:
                yield from self._decorated_by((wrapper[0], around), called=True)

    def _callers(self, function: FunctionKey, name: str) -> tuple[CallKey, ...]:
        """The calls of a function, in the opened files, also where nothing but their name was of interest so far."""
        if name not in self._resolved:
            self._resolved.add(name)
            for file in self._graph.program.opened.values():
                for index in file.by_leaf.get(name, ()):
                    self._graph.of(file.path, index)
        return tuple(self._graph.callers.get(function, ()))

    def _functions(self, file: FileIndex, index: int, expr: Expr) -> Iterator[FunctionKey]:
        if isinstance(expr, Closure):
            yield file.path, expr.function
            return
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, FunctionValue):
                yield value.key
            elif isinstance(value, Partial):
                yield from self._bound(value.call)

    def _bound(self, key: CallKey) -> Iterator[FunctionKey]:
        file = self._graph.program.file(key[0])
        inner = expression_at(file.calls[key[1]], None, 0) if file is not None else None
        for value in self._graph.evaluator.argument(file, key[1], inner) if file is not None and inner else ():
            if isinstance(value, FunctionValue):
                yield value.key

    def _decorated_by(self, decorator: FunctionKey, *, called: bool) -> Iterator[FunctionKey]:
        name = self._graph.program.opened[decorator[0]].function(decorator[1]).name
        for file, number, expr in self._all_decorated().get(name, ()):
            if isinstance(expr, CallRef) != called:
                continue
            if isinstance(expr, CallRef):
                found = [one.function for one in self._graph.of(file.path, expr.index)]
            else:
                function = file.function(number)
                values = self._graph.evaluator.values(file, function.parent_block, expr, function.span.line, 0)
                found = [value.key for value in values if isinstance(value, FunctionValue)]
            if decorator in found:
                yield file.path, number

    def _all_decorated(self) -> dict[str, list[tuple[FileIndex, int, Expr]]]:
        """Decorated functions of the opened files by the last name of each decorator."""
        if self._decorated is None:
            self._decorated, kept = {}, self._kept()
            for path in sorted(self._graph.program.opened):
                file = self._graph.program.opened[path]
                for number, function in enumerate(file.facts.functions):
                    for expr in function.decorators:
                        for name in self._names(file, number, expr, kept):
                            self._decorated.setdefault(name, []).append((file, number, expr))
        return self._decorated

    def _names(self, file: FileIndex, number: int, expr: Expr, kept: set[str]) -> Iterator[str]:
        """The name of a decorator, and that of the function behind it where its call is kept under another name."""
        name = leaf_of(file.calls[expr.index].callee if isinstance(expr, CallRef) else expr)
        yield name
        if name not in kept or isinstance(expr, CallRef):
            return
        function = file.function(number)
        for value in self._graph.evaluator.values(file, function.parent_block, expr, function.span.line, 0):
            home = self._graph.program.opened.get(value.key[0]) if isinstance(value, FunctionValue) else None
            if isinstance(value, FunctionValue) and home is not None and home.function(value.key[1]).name != name:
                yield home.function(value.key[1]).name

    def _kept(self) -> set[str]:
        """Names that a module gives to what a call gives (``retried = retry_with(tries=3)``)."""
        return {
            binding.target.id
            for file in self._graph.program.opened.values()
            for binding in file.facts.bindings
            if isinstance(binding.target, Name)
            and isinstance(binding.value, CallRef)
            and file.scope(binding.block) == 0
        }


def owner_of(file: FileIndex, function: int, callee: Expr) -> int | None:
    """The function, from one outwards, whose parameter a name is; None for any other name."""
    while isinstance(callee, Name) and function > 0:
        if (function, callee.id) in file.parameters:
            return function
        if (function, callee.id) in file.names:
            return None
        function = file.facts.blocks[file.function(function).parent_block].function
    return None


def goes_on(site: Site) -> bool:
    """Whether a call stands in a loop of its own that goes on until it is stopped: started anew, it is another."""
    return any(
        loop.form == "endless" or (loop.form == "while" and any(word in loop.over.lower() for word in STOPPING))
        for loop in site.context.loops
    )


def is_repeated(site: Site) -> bool:
    """Whether a call inside a retry is one of those that it repeats."""
    return site.remote and not site.context.in_handler and not site.scheduled
