"""Where clients with a pool are made, and whether they outlive the call that makes them."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Attribute, Await, CallRef, Name
from ..project import Making
from .contexts import Contexts
from .graph import Graph
from .index import FileIndex, calls_within
from .showing import shown
from .sites import Sites


class Clients:
    """Finds the makings of pooled clients."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self) -> Iterator[Making]:
        """Every making of a client that holds connections, in file order."""
        catalog = self._graph.program.catalog
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index in self._graph.calls_of(file.path):
                for one in self._graph.of(path, index):
                    made = catalog.makings.get(one.path) if one.path else None
                    client = catalog.clients.get(made) if made is not None else None
                    if client is not None and client.pooled and one.receiver is None:
                        yield self._making(file, index, client.type)

    def _making(self, file: FileIndex, index: int, kind: str) -> Making:
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        local, name = self._held(file, index, function)
        kept = not local or function == 0 or (self._graph.evaluator.results.decorated_as(file, function, "cached"))
        used = tuple(
            sorted(
                {
                    site.operation
                    for site in self._sites.in_function((file.path, function))
                    if site.direct
                    and (site.receiver == name or site.receiver.startswith(f"{shown(file, call.callee)}("))
                    and site.remote
                }
            )
        )
        return Making(
            file.place(call.span),
            self._sites.function((file.path, function)),
            kind,
            shown(file, call.callee),
            pooled=True,
            kept=kept,
            used=used,
            context=self._contexts.of(file, call.block),
        )

    def _held(self, file: FileIndex, index: int, function: int) -> tuple[bool, str]:
        """Whether the object stays in the function that makes it, and under which name."""
        blocks = file.facts.blocks
        for binding in file.facts.bindings:
            if binding.value is None or index not in calls_within(binding.value):
                continue
            if not isinstance(binding.target, Name) or not isinstance(binding.value, (CallRef, Await)):
                return False, ""
            if (function, binding.target.id) in file.facts.globals:
                return False, ""
            name = binding.target.id
            return not self._escapes(file, function, name), name
        if any(jump.kind == "return" and jump.value == CallRef(index) for jump in file.facts.jumps):
            return True, ""  # a factory without a memory: whoever calls it gets a new one
        for block in blocks:
            if block.kind == "with" and block.subject is not None and index in calls_within(block.subject):
                return True, ""
        chained = any(
            isinstance(other.callee, Attribute)
            and isinstance(other.callee.of, CallRef)
            and other.callee.of.index == index
            for other in file.facts.calls
        )
        return chained, shown(file, CallRef(index))

    @staticmethod
    def _escapes(file: FileIndex, function: int, name: str) -> bool:
        wanted = Name(name)
        for jump in file.facts.jumps:
            if jump.value == wanted and file.facts.blocks[jump.block].function == function:
                return True
        for binding in file.facts.bindings:
            if binding.value == wanted:
                return True
        for index in file.calls_in.get(function, ()):
            if any(argument.value == wanted for argument in file.calls[index].arguments):
                return True
        return any(
            (inner, name) not in file.names
            and file.facts.functions[inner].parent_block >= 0
            and file.facts.blocks[file.facts.functions[inner].parent_block].function == function
            for inner in range(1, len(file.facts.functions))
        )
