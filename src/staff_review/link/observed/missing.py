"""Values that a call was to give, and that are used although it failed: the handler lets the function go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Name
from ...nouns.signals import Missing
from ...nouns.source import Span
from ..calls.contexts import Contexts
from ..calls.flow import given_by
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.spoken import spoken_in
from ..files.values import FunctionKey
from ..sites import Sites

_ENDS = re.compile(r"raise|fail|fatal|abort|exit|die", re.IGNORECASE)
"""Words in the name of a call that may log and not come back."""


class MissingValues:
    """Looks at the handlers that do nothing but speak; the reads of a function are remembered."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._handlers = contexts.handlers
        self._reads: dict[FunctionKey, dict[str, list[tuple[int, Span]]]] = {}

    def find(self) -> Iterator[Missing]:
        """The handlers after which a name is read that only the try gives a value, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for number, block in enumerate(file.facts.blocks):
                if block.kind == "handler" and block.function > 0 and self._goes_on(file, number):
                    yield from self._after(file, number)

    def _goes_on(self, file: FileIndex, handler: int) -> bool:
        """Whether a handler at most speaks of the failure, and comes back from that."""
        function = file.facts.blocks[handler].function
        if not self._handlers.of(file, handler).does <= {"logs", "calls"}:
            return False
        return all(
            index in file.holder or self._speaks(file, index)
            for index in file.calls_in.get(function, ())
            if file.inside(file.calls[index].block, handler)
        )

    def _speaks(self, file: FileIndex, index: int) -> bool:
        """Whether a call only logs: a function of the project might raise after that."""
        ours = any(one.function is not None for one in self._graph.of(file.path, index))
        return not ours and not _ENDS.search(leaf_of(file.calls[index].callee)) and self._handlers.logs(file, index)

    def _after(self, file: FileIndex, handler: int) -> Iterator[Missing]:
        block = file.facts.blocks[handler]
        for index in file.calls_in.get(block.function, ()):
            call = file.calls[index]
            if call.block != block.partner:
                continue  # on one way through the try only
            for name in sorted(given_by(file, index)):
                if self._is_only_there(file, handler, name) and self._is_read(file, handler, name):
                    yield Missing(
                        file.place(block.span),
                        self._sites.function((file.path, block.function)),
                        shown(file, call.callee),
                        file.place(call.span),
                        name,
                        self._handlers.of(file, handler).catches,
                        foreign=isinstance(call.callee, Name)
                        and not any(one.function or one.operation for one in self._graph.of(file.path, index)),
                    )

    @staticmethod
    def _is_only_there(file: FileIndex, handler: int, name: str) -> bool:
        """Whether a name gets its value in the try of a handler and nowhere else."""
        block = file.facts.blocks[handler]
        known = file.names.get((block.function, name), ())
        given = (block.function, name) in file.parameters
        return bool(known) and not given and all(file.inside(one.block, block.partner) for one in known)

    def _is_read(self, file: FileIndex, handler: int, name: str) -> bool:
        """Whether a name is read, come what may, below the try, before anything there leaves."""
        block = file.facts.blocks[handler]
        ways: list[int] = []
        for number in file.chain(file.facts.blocks[block.partner].parent):
            ways.append(number)
            if file.facts.blocks[number].kind in ("loop", "try", "with"):
                break  # another round may have given the value; another handler may see to it
        reads = self._reads_of(file, block.function).get(name, ())
        first = min((span for within, span in reads if within in ways and span > block.span), default=None)
        if first is None:
            return False
        leaving = (jump.span for jump in file.jumps_in.get(block.function, ()) if jump.span > block.span)
        return all((span.end_line, span.end_column) > (first.line, first.column) for span in leaving)

    def _reads_of(self, file: FileIndex, function: int) -> dict[str, list[tuple[int, Span]]]:
        """Where each name is read, with the block around it."""
        key = (file.path, function)
        if key not in self._reads:
            reads = self._reads[key] = {}
            for expr, block, span in spoken_in(file, function):
                if isinstance(expr, Name):
                    reads.setdefault(expr.id, []).append((block, span))
        return self._reads[key]
