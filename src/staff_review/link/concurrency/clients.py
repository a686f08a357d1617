"""Where clients with a pool are made, and whether they outlive the call that makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.acts import Act
from ...nouns.facts import Attribute, CallRef, Expr, Item, Name
from ...nouns.project import Making
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.values import FunctionKey
from ..sites import Sites
from ..sites.keeping import keeping
from .peers import Peers

_CREDENTIAL = re.compile(r"token|key|secret|password|credential|auth|(?:^|_)sid")
_OF_OURS = re.compile(r"environ|getenv|config|setting", re.IGNORECASE)
_MOST_CALLERS = 8
"""Callers of a function that are asked what they do with a client."""


class Clients:
    """Finds the makings of pooled clients."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._peers = Peers(graph)

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
        handed_out = any(jump.value == CallRef(index) for jump in file.jumps_in.get(function, ()))
        return Making(
            file.place(call.span),
            self._sites.function((file.path, function)),
            kind,
            shown(file, call.callee),
            pooled=True,
            kept=kept,
            used=used,
            context=context,
            passing=_is_passing(file, index, name) or _is_of_the_caller(file, index),
            varies=any(mentions(file, argument.value, items) for argument in call.arguments),
            shareable=self._peers.is_one(file, index, name, kind)
            and not _keeps(file, function)
            and not (handed_out and self._may_be_kept((file.path, function))),
            handed_out=handed_out,
        )

    def _may_be_kept(self, function: FunctionKey) -> bool:
        """Whether those who call a function that gives a client keep it; where none is in sight, somebody may."""
        callers = sorted(set(self._graph.callers.get(function, ())))[:_MOST_CALLERS]
        homes = ((self._graph.program.opened[path], index) for path, index in callers)
        return not callers or any(keeping(self._graph, home, index)[0] for home, index in homes)


def _keeps(file: FileIndex, function: int) -> bool:
    """Whether a function keeps what it fetched on a module or an object: then it is asked seldom."""
    for binding in file.bindings_in.get(function, ()):
        root = binding.target.of if isinstance(binding.target, Item) else binding.target
        if isinstance(root, Attribute) and isinstance(root.of, Name):
            if file.class_of_receiver(function, root.of.id) is not None:
                return True
        elif isinstance(root, Name) and not _is_own(file, function, root.id):
            return True
    return False


def _is_own(file: FileIndex, function: int, name: str) -> bool:
    return (function, name) in file.names or (function, name) in file.parameters


def _is_of_the_caller(file: FileIndex, index: int) -> bool:
    """Whether a client is made with a credential that belongs to the request or the row at hand: no two share it."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    for argument in call.arguments:
        name = argument.value.id if isinstance(argument.value, Name) else ""
        if not _CREDENTIAL.search(f"{argument.name or ''} {name}"):
            continue
        if (function, name) in file.parameters or any(
            one.target == Name(name) and _is_looked_up(file, one.value) for one in file.bindings_in.get(function, ())
        ):
            return True
    return False


def _is_looked_up(file: FileIndex, value: Expr | None) -> bool:
    """Whether a value is taken out of data by its key: ``form["token"]``, ``session.get("token")``; no setting is."""
    taken = isinstance(value, Item) or (isinstance(value, CallRef) and leaf_of(file.calls[value.index].callee) == "get")
    return taken and _OF_OURS.search(shown(file, value)) is None


def _is_passing(file: FileIndex, index: int, name: str) -> bool:
    """Whether a client is disposed of where it is made, and talks to an address that is no constant of ours."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    disposed = any(
        file.calls[other].callee == Attribute(Name(name), "dispose") for other in file.calls_in.get(function, ())
    )
    local = {name for owner, name in (*file.names, *file.parameters) if owner == function}
    return disposed and bool(call.arguments) and mentions(file, call.arguments[0].value, local)
