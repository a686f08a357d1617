"""Locks of threads that a coroutine holds while it waits: whoever else wants them stops the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.burdens import HeldLock
from ...nouns.facts import Attribute, Block, Item, Name
from ...nouns.source import Place, Span
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..sites import Sites


def held_locks(graph: Graph, sites: Sites, contexts: Contexts) -> Iterator[HeldLock]:
    """Every ``with lock:`` in a coroutine that has an ``await`` inside, in file order."""
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        for number, block in enumerate(file.facts.blocks):
            if block.kind != "with" or block.is_async or not file.function(block.function).is_async:
                continue
            waits = _wait_in(file, number, block)
            if waits is None or block.subject is None:
                continue
            found = contexts.policy_of(file, block.parent, block.subject, block.span.line, block.span.column)
            if found is not None and found[1].kind == "lock":
                function = sites.function((path, block.function))
                yield HeldLock(file.place(block.span), function, found[0], file.place(waits))


def _wait_in(file: FileIndex, number: int, block: Block) -> Span | None:
    """The first place inside a block where its coroutine lets others run."""
    spans = [
        file.calls[index].span
        for index in file.calls_in.get(block.function, ())
        if file.calls[index].awaited and file.inside(file.calls[index].block, number)
    ]
    spans += [
        inner.span
        for one in file.blocks_in.get(block.function, ())
        if (inner := file.facts.blocks[one]).is_async and inner.kind in ("with", "loop") and file.inside(one, number)
    ]
    return min(spans, default=None)


def filling(graph: Graph, contexts: Contexts) -> Iterator[Place]:
    """The with-blocks of locks that look a second time or keep what they fetch: the lock is there for that."""
    for path in sorted(graph.program.opened):
        file = graph.program.opened[path]
        for number, block in enumerate(file.facts.blocks):
            if block.kind != "with" or block.subject is None or not (_leaves(file, number) or _keeps(file, number)):
                continue
            found = contexts.policy_of(file, block.parent, block.subject, block.span.line, block.span.column)
            if found is not None and found[1].kind == "lock":
                yield file.place(block.span)


def _leaves(file: FileIndex, number: int) -> bool:
    """Whether a branch inside a block may end it early: there is nothing to do any more."""
    return any(
        jump.kind in ("return", "continue", "break") and jump.block != number and file.inside(jump.block, number)
        for jump in file.jumps_in.get(file.facts.blocks[number].function, ())
    )


def _keeps(file: FileIndex, number: int) -> bool:
    """Whether a block gives something that outlives the call a new value."""
    function = file.facts.blocks[number].function
    for binding in file.bindings_in.get(function, ()):
        if file.inside(binding.block, number) and binding.how == "assign":
            target = binding.target
            if isinstance(target, (Attribute, Item)):
                return True
            if isinstance(target, Name) and (function, target.id) in file.facts.globals:
                return True
    return False
