"""Limits that are set where nobody looks: an attribute of a client that its library does not know."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Binding, Const, Expr
from ...nouns.project import Unset
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import Instance
from . import Sites


def unread_limits(graph: Graph, sites: Sites) -> Iterator[Unset]:
    """Each assignment to such an attribute, in file order, unless the program reads it again to pass it on."""
    known = graph.program.catalog.unread_attributes
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        for binding in file.facts.bindings:
            target = binding.target
            if not isinstance(target, Attribute) or target.name not in known or binding.value in (None, Const(None)):
                continue
            if _is_unread(graph, file, binding, target) and not _is_passed_on(file, target):
                function = sites.function((path, file.facts.blocks[binding.block].function))
                name = shown(file, target.of)
                yield Unset(file.place(binding.span), function, name, target.name, name, unread=True)


def _is_unread(graph: Graph, file: FileIndex, binding: Binding, target: Attribute) -> bool:
    """Whether an attribute is set on a client itself, not on a class of the program that may read it."""
    at = binding.span
    values = graph.evaluator.values(file, binding.block, target.of, at.line, at.column)
    clients = [graph.program.catalog.clients.get(one.type) if isinstance(one, Instance) else None for one in values]
    return all(one is not None and target.name in one.unread_attributes for one in clients)


def _is_passed_on(file: FileIndex, target: Attribute) -> bool:
    """Whether a call of the same file is given what such an attribute holds."""
    given = (argument.value for call in file.facts.calls for argument in call.arguments)
    return any(_reads(expr, target) for expr in given)


def _reads(expr: Expr, target: Attribute) -> bool:
    same = isinstance(expr, Attribute) and expr.name == target.name
    return same and isinstance(expr, Attribute) and leaf_of(expr.of) == leaf_of(target.of)
