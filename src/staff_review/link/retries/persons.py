"""Attempts in which a person is asked: whoever typed something wrong types it again."""

from __future__ import annotations

from ...nouns.facts import Name
from ..calls.graph import Graph
from ..files.index import FileIndex

_DEEP = 2
"""Functions of the program between an attempt and the question."""


def asks_person(graph: Graph, file: FileIndex, block: int, depth: int = 0) -> bool:
    """Whether a block reads from a terminal, itself or in what it calls."""
    for index in file.calls_in.get(file.facts.blocks[block].function, ()):
        call = file.calls[index]
        if not file.inside(call.block, block):
            continue
        if call.callee == Name("input"):
            return True
        for one in graph.of(file.path, index):
            home = graph.program.opened.get(one.function[0]) if one.function is not None else None
            if home is None or one.function is None or depth >= _DEEP:
                continue
            if "input" in home.by_leaf and asks_person(graph, home, home.function(one.function[1]).block, depth + 1):
                return True
    return False
