"""Calls that run when their module is imported, and so before anything of the process can."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.branches import as_program
from . import Sites


def at_import(graph: Graph, sites: Sites) -> Iterator[Place]:
    """The calls in the bodies of modules that others import; what runs only when somebody starts the file is none."""
    for path in graph.program.opened.keys() & graph.program.importers.keys():
        file = graph.program.opened[path]
        for index in file.calls_in.get(0, ()):
            if (path, index) in sites.by_call and not as_program(file, file.calls[index].block):
                yield file.place(file.calls[index].span)
