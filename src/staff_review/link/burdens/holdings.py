"""What the memory of a process keeps and only ever adds to: queues, mappings of a module, remembered results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ...nouns.acts import Act
from ...nouns.burdens import Fill, Holding
from ...nouns.facts import Attribute, Binding, CallRef, Const, Expr, Item, Mapping, Name, Parameter
from ...nouns.functions import FunctionRef
from ...nouns.source import Place
from ..calls.doings import Doings
from ..calls.few import is_of_few
from ..calls.graph import Graph, Resolved
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.values import CallKey, External, Instance
from ..sites import Sites
from .adding_once import adds_once
from .buffers import Buffers

_SHRINKS = frozenset({"pop", "popitem", "clear"})
_OPEN = re.compile(r"\b(?:str|int|bytes|UUID)\b")
"""Annotations of arguments that can have any number of values."""
_TELLING = re.compile(
    r"(?:^|_)(?:id|ids|key|uid|uuid|pk|query|email|token|user|username|address|phone|ip|session|text)$"
)
"""Names of arguments that callers choose freely."""
_EMPTY = frozenset({"dict", "defaultdict", "OrderedDict"})


class Holdings:
    """Finds what has no bound; what fills it tells the checks whether that matters."""

    def __init__(self, graph: Graph, sites: Sites, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._doings = doings
        self._buffers = Buffers(graph, sites, doings)

    def find(self) -> Iterator[Holding]:
        """Every unbounded one, in file order."""
        fills = self._fills()
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            yield from self._queues(file, fills)
            yield from self._buffers.of(file)
            yield from self._mappings(file)
            yield from self._results(file)

    def _fills(self) -> dict[CallKey, list[Fill]]:
        """The calls that put something into a queue, by the call that made it."""
        found: dict[CallKey, list[Fill]] = {}
        for file, index, resolved in self._graph.library_calls():
            for one in resolved:
                made = one.receiver.made if isinstance(one.receiver, Instance) else None
                ends = any(argument.value == Const(None) for argument in file.calls[index].arguments)
                if made is None or ends or Act.FILL not in self._doings.acts(one.path):
                    continue
                if not adds_once(file, index):
                    found.setdefault(made, []).append(Fill(*self._at(file, index)))
        return found

    def _at(self, file: FileIndex, index: int) -> tuple[Place, FunctionRef]:
        call = file.calls[index]
        function = self._sites.function((file.path, file.facts.blocks[call.block].function))
        return file.place(call.span), function

    def _queues(self, file: FileIndex, fills: dict[CallKey, list[Fill]]) -> Iterator[Holding]:
        for index in self._graph.library_calls_of(file.path):
            for one in self._graph.of(file.path, index):
                if Act.QUEUE not in self._doings.acts(one.path) or not self._is_unbounded(file, index, one):
                    continue
                kept = self._kept_as(file, index)
                if kept:
                    place, function = self._at(file, index)
                    call = shown(file, file.calls[index].callee)
                    yield Holding("queue", place, function, kept, call, tuple(fills.get((file.path, index), ())))

    def _is_unbounded(self, file: FileIndex, index: int, one: Resolved) -> bool:
        size = self._doings.options(file, index, one).get("max-size")
        if size is None or size.state == "unseen":
            return False
        if not size.values:
            return size.state == "absent"
        return all(value is None or (isinstance(value, (int, float)) and value <= 0) for value in size.values)

    def _kept_as(self, file: FileIndex, index: int) -> str:
        """The name of a module, or of an object of a module, under which the result of a call outlives its function."""
        for binding in file.facts.bindings:
            if binding.value != CallRef(index):
                continue
            function = file.facts.blocks[binding.block].function
            target = binding.target
            if isinstance(target, Attribute):
                return shown(file, target) if self._is_made_once(file, function) else ""
            if isinstance(target, Name) and (function == 0 or (function, target.id) in file.facts.globals):
                return target.id
        return ""

    def _is_made_once(self, file: FileIndex, method: int) -> bool:
        """Whether a module makes an object of the class that a method belongs to."""
        owner = file.function(method).cls
        name = file.cls(owner).name if owner >= 0 else ""
        return name in self._made_by_modules

    @cached_property
    def _made_by_modules(self) -> frozenset[str]:
        """The last names of what is called outside of functions."""
        opened = self._graph.program.opened.values()
        written = ((one, index) for one in opened for index in one.calls_in.get(0, ()) if index not in one.forwarded)
        return frozenset(leaf_of(one.calls[index].callee) for one, index in written)

    def _mappings(self, file: FileIndex) -> Iterator[Holding]:
        for number, binding in enumerate(file.facts.bindings):
            target = binding.target
            block = file.facts.blocks[binding.block]
            if block.function or block.kind == "class" or not isinstance(target, Name):
                continue
            if not self._is_empty_mapping(file, binding) or self._is_bound_again(file, number, target.id):
                continue
            fills = tuple(self._written_into(file, target.id))
            if fills and not self._shrinks(file, target.id):
                place = file.place(binding.span)
                yield Holding("mapping", place, self._sites.function((file.path, 0)), target.id, "", fills)

    def _is_empty_mapping(self, file: FileIndex, binding: Binding) -> bool:
        if isinstance(binding.value, Mapping):
            return not binding.value.items
        if not isinstance(binding.value, CallRef):
            return False
        call = file.calls[binding.value.index]
        name = getattr(call.callee, "name", getattr(call.callee, "id", ""))
        return name in _EMPTY and all(isinstance(argument.value, Name) for argument in call.arguments)

    @staticmethod
    def _is_bound_again(file: FileIndex, number: int, name: str) -> bool:
        return any(one.number != number or one.kind != "binding" for one in file.names.get((0, name), ()))

    def _written_into(self, file: FileIndex, name: str) -> Iterator[Fill]:
        """Assignments of items under a name that comes from the arguments of the function around them."""
        for (function, owner), numbers in file.items.items():
            if owner != name or function == 0:
                continue
            for number in numbers:
                binding = file.facts.bindings[number]
                key = binding.target.key if isinstance(binding.target, Item) else None
                by = self._from_arguments(file, function, key)
                if by and binding.how != "delete":
                    yield Fill(file.place(binding.span), self._sites.function((file.path, function)), by)

    def _from_arguments(self, file: FileIndex, function: int, key: Expr | None) -> str:
        """The parameter that a key is made of, "" when it is none or one of few values."""
        facts = file.function(function)
        own = facts.parameters[1:] if facts.cls >= 0 else facts.parameters
        named = [one.name for one in own if _is_open(file, one)]
        if key is None or isinstance(key, Const):
            return ""
        return next(
            (name for name in named if mentions(file, key, {name}) and not self._is_constant(file, function, name)), ""
        )

    def _is_constant(self, file: FileIndex, function: int, name: str) -> bool:
        """Whether all callers in sight pass constants for a parameter: then there are as many values as callers."""
        facts = file.function(function)
        callers = self._graph.callers.get((file.path, function), ())
        homes = ((self._graph.program.opened[path], index) for path, index in callers)
        passed = [passed_for_parameter(home.calls[index], facts, name) for home, index in homes]
        return bool(passed) and all(
            one is not None and (isinstance(one, Const) or leaf_of(one).isupper()) for one in passed
        )

    def _shrinks(self, file: FileIndex, name: str) -> bool:
        """Whether anything in the program takes items out again, or hands the mapping on so that others may."""
        if any(binding.how == "delete" and mentions(file, binding.target, {name}) for binding in file.facts.bindings):
            return True
        if any(_takes_out(file, call.callee, name) for call in file.calls):
            return True
        if self._is_handed_on(file, name):
            return True
        others = (one for one in self._graph.program.opened.values() if one is not file)
        return any(imported.name == name for other in others for imported in other.facts.imports)

    @staticmethod
    def _is_handed_on(file: FileIndex, name: str) -> bool:
        """Whether the mapping itself is given away or measured: then somebody may hold it small."""
        wanted = Name(name)
        if any(argument.value == wanted for call in file.calls for argument in call.arguments):
            return True
        return any(jump.value == wanted for jump in file.facts.jumps) or any(
            binding.value == wanted for binding in file.facts.bindings
        )

    def _results(self, file: FileIndex) -> Iterator[Holding]:
        for number, function in enumerate(file.facts.functions):
            for decorator, span in zip(function.decorators, function.decorator_spans, strict=False):
                if not self._keeps_all(file, number, decorator):
                    continue
                own = function.parameters[1:] if function.cls >= 0 else function.parameters
                named = next((one.name for one in own if one.default is None and _is_open(file, one)), "")
                if named:
                    reference = self._sites.function((file.path, number))
                    fill = Fill(reference.place, reference, named)
                    yield Holding(
                        "results", file.place(span), reference, function.name, shown(file, decorator), (fill,)
                    )

    def _keeps_all(self, file: FileIndex, function: int, decorator: Expr) -> bool:
        if isinstance(decorator, CallRef):
            return any(
                Act.MEMORISE in self._doings.acts(one.path) and self._is_unbounded(file, decorator.index, one)
                for one in self._graph.of(file.path, decorator.index)
                if one.path
            )
        facts = file.function(function)
        for value in self._graph.evaluator.values(file, facts.parent_block, decorator, facts.span.line, 0):
            entries = self._graph.program.catalog.acts.get(value.path) if isinstance(value, External) else None
            for entry in entries or ():
                size = entry.options.get("max-size")
                if Act.MEMORISE in entry.does and size is not None and not isinstance(size.default, int):
                    return True
        return False


def _takes_out(file: FileIndex, callee: Expr, name: str) -> bool:
    return isinstance(callee, Attribute) and callee.name in _SHRINKS and mentions(file, callee.of, {name})


def _is_open(file: FileIndex, parameter: Parameter) -> bool:
    """Whether callers can bring any number of values, by the name and, where there is one, the annotation."""
    if _TELLING.search(parameter.name) is None or is_of_few(parameter.name):
        return False
    if parameter.annotation is None:
        return True
    text = str(getattr(parameter.annotation, "value", "")) or shown(file, parameter.annotation)
    return _OPEN.search(text) is not None and "Literal" not in text
