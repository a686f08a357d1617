"""Whether what a call makes outlives the function that makes it."""

from __future__ import annotations

from ...nouns.facts import Attribute, Await, CallRef, Name
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import shown


def keeping(graph: Graph, file: FileIndex, index: int) -> tuple[bool, str]:
    """Whether an object is kept on a module, an object or in a cache, or handed out; and its local name."""
    function = file.facts.blocks[file.calls[index].block].function
    local, name = _held(file, index, function)
    return not local or function == 0 or graph.evaluator.results.decorated_as(file, function, "cached"), name


def _held(file: FileIndex, index: int, function: int) -> tuple[bool, str]:
    """Whether the object stays in the function that makes it, and under which name."""
    for binding in file.binds.get(index, ()):
        if not isinstance(binding.target, Name) or not isinstance(binding.value, (CallRef, Await)):
            return False, ""
        if (function, binding.target.id) in file.facts.globals:
            return False, ""
        name = binding.target.id
        return not _escapes(file, function, name), name
    if any(jump.kind == "return" and jump.value == CallRef(index) for jump in file.facts.jumps):
        return True, ""  # a factory without a memory: whoever calls it gets a new one
    if index in file.opens:
        return True, ""
    chained = any(
        isinstance(other.callee, Attribute) and isinstance(other.callee.of, CallRef) and other.callee.of.index == index
        for other in file.facts.calls
    )
    return chained, shown(file, CallRef(index))


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
