"""Where clients with a pool are made, and whether they outlive the call that makes them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...acts import Act
from ...facts import Attribute, CallRef, Name
from ...project import Making
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import mentions, shown
from ..sites import Sites
from ..sites.keeping import keeping


class Clients:
    """Finds the makings of pooled clients."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self) -> Iterator[Making]:
        """Every making of a client that holds connections, in file order."""
        catalog = self._graph.program.catalog
        for file, index, found in self._graph.library_calls():
            for one in found:
                made = catalog.makings.get(one.path)
                client = catalog.clients.get(made) if made is not None else None
                acts = catalog.does(one.path)
                pooled = client is not None and client.pooled and one.receiver is None
                if pooled or Act.BREAKER in acts:
                    kind = client.type if client is not None else one.path
                    yield replace(self._making(file, index, kind), pooled=pooled, acts=acts)

    def _making(self, file: FileIndex, index: int, kind: str) -> Making:
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        kept, name = keeping(self._graph, file, index)
        context = self._contexts.of(file, call.block)
        items = {name for loop in context.loops for name in loop.names | loop.made}
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
            context=context,
            passing=_is_passing(file, index, name),
            varies=any(mentions(file, argument.value, items) for argument in call.arguments),
            handed_out=any(jump.value == CallRef(index) for jump in file.jumps_in.get(function, ())),
        )


def _is_passing(file: FileIndex, index: int, name: str) -> bool:
    """Whether a client is disposed of where it is made, and talks to an address that is no constant of ours."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    disposed = any(
        file.calls[other].callee == Attribute(Name(name), "dispose") for other in file.calls_in.get(function, ())
    )
    local = {name for owner, name in (*file.names, *file.parameters) if owner == function}
    return disposed and bool(call.arguments) and mentions(file, call.arguments[0].value, local)
