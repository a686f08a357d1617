"""Handlers in coroutines that end a cancellation instead of the coroutine."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Block, Const, Sequence
from ...nouns.signals import Swallow
from ...nouns.source import Span
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..sites import Sites

_CANCELLED = ("CancelledError", "BaseException")
_LEAVING = ("return", "raise", "break")
_ENDS = frozenset({"raises", "returns", "breaks"})
_BESIDE = frozenset({"handler", "otherwise", "finally"})
"""Blocks of the same `try`: of these only the tidying up follows a handler."""
_CLOSES = frozenset({"cancel", "cancel_scope", "aclose", "shutdown"})
_HANDLED = frozenset({"assigns", "calls", "yields"})
"""What a handler written for a cancellation does on purpose."""


def _is_named(names: list[str]) -> bool:
    """Whether a handler asks for cancellations by their name, and for nothing else."""
    return names == ["CancelledError"]


class Cancellations:
    """Looks at the handlers of every coroutine that was opened."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self) -> Iterator[Swallow]:
        """Handlers that catch a cancellation of what they guard and go on, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for number, block in enumerate(file.facts.blocks):
                if block.kind == "handler" and file.function(block.function).is_async:
                    found = self._of(file, number, block)
                    if found is not None:
                        yield found

    def _of(self, file: FileIndex, number: int, block: Block) -> Swallow | None:
        known = self._contexts.handlers.of(file, number)
        names = [name.rpartition(".")[2] for name in known.catches]
        if names and not any(name in _CANCELLED for name in names):
            return None
        ends = _ENDS if not _is_named(names) else _ENDS | _HANDLED
        if known.does & ends or not self._awaits(file, block.partner) or self._is_caught_before(file, number, block):
            return None
        around = {file.facts.blocks[one].kind for one in file.chain(block.parent)}
        if _asks_for_cancellations(file, number, block.function):
            return None
        if self._cancels(file, block.function) or not around.isdisjoint(("finally", "handler")):
            return None  # it waits for the end of what it cancelled itself, or tidies up to the end
        return Swallow(
            file.place(block.span),
            self._sites.function((file.path, block.function)),
            shown(file, block.subject),
            looped=self._is_looped(file, block, endless=_is_named(names)),
            after=not _is_named(names) and self._goes_on(file, block),
            explained=known.explained and not _is_named(names),
        )

    @staticmethod
    def _awaits(file: FileIndex, guarded: int) -> bool:
        function = file.facts.blocks[guarded].function
        waits = any(
            (file.calls[index].awaited or index in file.awaited) and file.inside(file.calls[index].block, guarded)
            for index in file.calls_in.get(function, ())
        )
        return waits or any(
            file.facts.blocks[one].is_async and file.inside(one, guarded) for one in file.blocks_in.get(function, ())
        )

    def _is_caught_before(self, file: FileIndex, number: int, block: Block) -> bool:
        """Whether an earlier handler of the same try takes the cancellation."""
        for other in range(block.partner, number):
            one = file.facts.blocks[other]
            if one.kind == "handler" and one.partner == block.partner:
                catches = [name.rpartition(".")[2] for name in self._contexts.handlers.of(file, other).catches]
                if not catches or any(name in _CANCELLED for name in catches):
                    return True
        return False

    @staticmethod
    def _cancels(file: FileIndex, function: int) -> bool:
        """Whether the function cancels or closes something itself: then what it catches is of its own making."""
        return any(leaf_of(file.calls[index].callee) in _CLOSES for index in file.calls_in.get(function, ()))

    @staticmethod
    def _is_looped(file: FileIndex, block: Block, *, endless: bool) -> bool:
        """Whether a loop around the try goes on; one that has an end of its own does not count when `endless`."""
        if _way_out(file, block) is not None:
            return False
        for number in file.chain(block.parent):
            loop = file.facts.blocks[number]
            if loop.kind == "loop":
                return not endless or (isinstance(loop.subject, Const) and bool(loop.subject.value))
        return False

    @staticmethod
    def _goes_on(file: FileIndex, block: Block) -> bool:
        """Whether something is awaited after the handler, and not only to tidy up."""
        beside = [
            number
            for number in file.blocks_in.get(block.function, ())
            if file.facts.blocks[number].kind in _BESIDE and file.facts.blocks[number].partner == block.partner
        ]
        out = _way_out(file, block)
        return any(
            (file.calls[index].awaited or index in file.awaited)
            and (file.calls[index].span.line, file.calls[index].span.column)
            >= (block.span.end_line, block.span.end_column)
            and (out is None or file.calls[index].span < out)
            and not any(file.inside(file.calls[index].block, number) for number in beside)
            for index in file.calls_in.get(block.function, ())
        )


def _asks_for_cancellations(file: FileIndex, handler: int, function: int) -> bool:
    """Whether a handler of all errors asks itself which of them are cancellations: it treats those on purpose."""
    asked = (file.calls[one] for one in file.calls_in.get(function, ()) if file.inside(file.calls[one].block, handler))
    kinds = (call.arguments[1].value for call in asked if leaf_of(call.callee) == "isinstance" and call.arguments[1:])
    each = (one for kind in kinds for one in (kind.items if isinstance(kind, Sequence) else (kind,)))
    return any(leaf_of(one) == "CancelledError" for one in each)


def _way_out(file: FileIndex, block: Block) -> Span | None:
    """Where what follows a handler, come what may, leaves the function or the loop."""
    jumps = file.jumps_in.get(block.function, ())
    return min(
        (one.span for one in jumps if one.block == block.parent and one.kind in _LEAVING and one.span > block.span),
        default=None,
    )
