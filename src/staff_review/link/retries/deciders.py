"""Functions of the program that are asked whether to try again, and count the attempts so far."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Await, CallRef, Expr, Unary
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import shown

COUNTING = ("attempt", "tries", "retries", "count", "deadline", "remaining", "left")
"""Words of a condition that holds attempts or time against a bound."""


def asks_who_counts(graph: Graph, file: FileIndex, function: int, test: Expr) -> bool:
    """Whether a condition is what a function of the program answers that looks at a number of attempts."""
    for index in _answering(file, function, test):
        for one in graph.of(file.path, index):
            home = graph.program.opened.get(one.function[0]) if one.function is not None else None
            if home is None or one.function is None:
                continue
            blocks = (home.facts.blocks[number] for number in home.blocks_in.get(one.function[1], ()))
            tests = (shown(home, block.subject).lower() for block in blocks if block.kind == "branch")
            if any(word in text for text in tests for word in COUNTING):
                return True
    return False


def _answering(file: FileIndex, function: int, test: Expr) -> Iterator[int]:
    """The calls that give what a condition asks for."""
    asked = test.of if isinstance(test, Unary) else test
    bound = (one.value for one in file.bindings_in.get(function, ()) if one.target == asked)
    for value in (asked, *bound):
        inner = value.of if isinstance(value, Await) else value
        if isinstance(inner, CallRef):
            yield inner.index
