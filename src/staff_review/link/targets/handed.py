"""Calls on what callers hand in: a parameter that says no type is what all of them pass, once they are all known."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Name
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex
from .calling import Calling


def handed_calls(graph: Graph, calling: Calling) -> Iterator[tuple[FileIndex, int, tuple[Resolved, ...]]]:
    """Every such call that a library can mean, in file order."""
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        for index in graph.calls_of(path):
            if not _is_handed(file, index) or any(one.path or one.function for one in graph.of(path, index)):
                continue
            calling.callers((path, file.facts.blocks[file.calls[index].block].function))
            found = tuple(one for one in graph.anew(file, index) if one.path)
            if found:
                yield file, index, found


def _is_handed(file: FileIndex, index: int) -> bool:
    """Whether a call is a method of a parameter of its function."""
    call = file.calls[index]
    owner = call.callee.of if isinstance(call.callee, Attribute) else None
    return isinstance(owner, Name) and (file.facts.blocks[call.block].function, owner.id) in file.parameters
