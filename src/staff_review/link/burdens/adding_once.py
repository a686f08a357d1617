"""Whether what fills a queue remembers what waits in it, and adds nothing twice."""

from __future__ import annotations

from ...nouns.facts import Attribute, Binary, Expr, Item
from ..files.index import FileIndex

_ADDING = frozenset({"add", "append", "setdefault"})


def adds_once(file: FileIndex, index: int) -> bool:
    """Whether the function around a call asks if something is in a collection that it adds to itself."""
    function = file.facts.blocks[file.calls[index].block].function
    for number in file.blocks_in.get(function, ()):
        block = file.facts.blocks[number]
        test = block.subject if block.kind == "branch" else None
        if isinstance(test, Binary) and test.op in ("in", "not in") and _is_added_to(file, function, test.right):
            return True
    return False


def _is_added_to(file: FileIndex, function: int, collection: Expr) -> bool:
    callees = (file.calls[one].callee for one in file.calls_in.get(function, ()))
    if any(isinstance(one, Attribute) and one.of == collection and one.name in _ADDING for one in callees):
        return True
    targets = (one.target for one in file.bindings_in.get(function, ()))
    return any(isinstance(one, Item) and one.of == collection for one in targets)
