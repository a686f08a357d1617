"""Retries that ask until something is there: they repeat after what is no failure, but came too early."""

from __future__ import annotations

from collections.abc import Iterable

from ...nouns.facts import CallRef, Expr, Name
from ..calls.graph import Graph
from ..calls.handlers import Handlers
from ..files.index import FileIndex
from ..files.values import ClassValue


class NotYet:
    """Recognises the errors by which code asks for another attempt of itself."""

    def __init__(self, graph: Graph, handlers: Handlers) -> None:
        self._graph = graph
        self._handlers = handlers

    def is_why(self, file: FileIndex, repeated: Iterable[int], catches: tuple[str, ...]) -> bool:
        """Whether a policy only repeats after such errors, or one of the blocks that it repeats raises one."""
        if catches and all(map(self._says_so, catches)):
            return True
        return any(self._raises(file, block) for block in repeated)

    def _raises(self, file: FileIndex, block: int) -> bool:
        return any(
            jump.kind == "raise"
            and jump.value is not None
            and file.inside(jump.block, block)
            and not any(file.facts.blocks[one].kind == "handler" for one in file.chain(jump.block))
            and self._is_such(file, jump.block, jump.value)
            for jump in file.jumps_in.get(file.facts.blocks[block].function, ())
        )

    def _is_such(self, file: FileIndex, block: int, raised: Expr) -> bool:
        error = file.calls[raised.index].callee if isinstance(raised, CallRef) else raised
        at = file.facts.blocks[block]
        if any(map(self._says_so, self._handlers.error_types(file, block, error, at))):
            return True
        members = self._graph.evaluator.members
        return isinstance(error, Name) and any(
            self._says_so(base)
            for value in self._graph.evaluator.values(file, block, error, at.span.line, at.span.column)
            if isinstance(value, ClassValue)
            for base in members.library_bases(value.path, value.index)
        )

    def _says_so(self, name: str) -> bool:
        error = self._graph.program.catalog.errors.get(name)
        return error is not None and error.says == "not-yet"
