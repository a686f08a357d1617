"""Requests by clients that nobody can tell: a verb asked of an address, which a deployment may know as a service's."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, Const, Expr, Name, Text
from ...nouns.libraries import Effect
from ...nouns.targets import Target, Template, Variable
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from . import Targets

_VERBS = {"get": 0, "post": 0, "put": 0, "patch": 0, "delete": 0, "head": 0, "request": 1}
"""What clients of HTTP call their methods, with the position of the address."""
_CALLED = ("url", "uri", "endpoint", "address", "base")


def unlinked_of(graph: Graph, targets: Targets, linked: tuple[Target, ...]) -> Iterator[Target]:
    """Every such request that code can reach, in file order: what it is made on is an argument or a library unknown."""
    known = {one.place for one in linked}
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        indices = (index for verb in _VERBS for index in file.by_leaf.get(verb, ()))
        for index in sorted(indices):
            found = _request(graph, targets, file, index) if file.place(file.calls[index].span) not in known else None
            if found is not None and not found.dead:
                yield found


def _request(graph: Graph, targets: Targets, file: FileIndex, index: int) -> Target | None:
    call = file.calls[index]
    if not isinstance(call.callee, Attribute):
        return None
    verb = call.callee.name
    expr = expression_at(call, "url", _VERBS[verb])
    if expr is None or not _may_be_address(expr) or _is_told(graph, file, index):
        return None
    addresses = tuple(one for one in targets.texts.by_caller(file, index, expr) if _begins_somewhere(one))
    if not addresses:
        return None
    function = (file.path, file.facts.blocks[call.block].function)
    origins, begun = targets.origins(function)
    return Target(
        place=file.place(call.span),
        operation=verb,
        effects=frozenset({Effect.HTTP}),
        function=file.function(function[1]).qualified,
        addresses=addresses,
        verb="" if verb == "request" else verb.upper(),
        method=verb,
        origins=origins,
        begun=begun,
        dead=not begun,
        linked=False,
    )


def _is_told(graph: Graph, file: FileIndex, index: int) -> bool:
    """Whether a call is known to be one of the program's own functions, or of a library that the catalog knows."""
    catalog = graph.program.catalog
    return any(one.function is not None or catalog.says(one.path) for one in graph.of(file.path, index))


def _may_be_address(expr: Expr) -> bool:
    """Whether an argument looks like an address before anything is followed: most calls of ``get`` ask a mapping."""
    if isinstance(expr, Const):
        return isinstance(expr.value, str) and "://" in expr.value
    if isinstance(expr, (Name, Attribute)):
        name = (expr.id if isinstance(expr, Name) else expr.name).lower()
        return any(word in name for word in _CALLED)
    return isinstance(expr, (Text, Binary))


def _begins_somewhere(text: Template) -> bool:
    """Whether a text begins with a host: a web address, or a setting that may hold one."""
    first = text.parts[0] if text.parts else ""
    return isinstance(first, Variable) or (isinstance(first, str) and first.startswith(("http://", "https://")))
