"""Work whose end another block has waited for already: a future asked after the ``with`` of its pool."""

from __future__ import annotations

from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex
from ..files.values import Instance


def is_finished(graph: Graph, file: FileIndex, index: int, one: Resolved) -> bool:
    """Whether an object of a with-block that is over started what call `index` waits for."""
    made = one.receiver.made if isinstance(one.receiver, Instance) else None
    if made is None or made[0] != file.path:
        return False
    for start in graph.of(*made):
        starter = start.receiver.made if isinstance(start.receiver, Instance) else None
        block = file.opens.get(starter[1]) if starter is not None and starter[0] == file.path else None
        if block is not None and file.inside(file.calls[made[1]].block, block):
            return not file.inside(file.calls[index].block, block)
    return False
