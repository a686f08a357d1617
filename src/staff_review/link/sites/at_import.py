"""Calls that run when their module is imported, and so before anything of the process can."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.source import Place
from ..calls.graph import Graph, Resolved
from ..files.branches import as_program
from ..files.index import FileIndex
from ..files.values import ClassValue
from . import Sites


def at_import(graph: Graph, sites: Sites) -> Iterator[Place]:
    """The calls in the bodies of modules that others import; the module that is itself a program has none."""
    for path in graph.program.opened.keys() & graph.program.imports.importers.keys():
        file = graph.program.opened[path]
        if any(as_program(file, number) for number in file.blocks_in.get(0, ())):
            continue
        for index in file.calls_in.get(0, ()):
            if (path, index) in sites.by_call and not _is_put_off(graph, file, index):
                yield file.place(file.calls[index].span)


def _is_put_off(graph: Graph, file: FileIndex, index: int) -> bool:
    """Whether what a call runs may run later: a generator's body, an object that a library makes when it wants to."""
    return any(_waits(graph, one) for one in graph.of(file.path, index))


def _waits(graph: Graph, one: Resolved) -> bool:
    if one.function is None:
        return False
    home = graph.program.opened.get(one.function[0])
    if home is not None and home.function(one.function[1]).is_generator:
        return True
    made = one.receiver
    return isinstance(made, ClassValue) and bool(graph.evaluator.members.library_bases(made.path, made.index))
