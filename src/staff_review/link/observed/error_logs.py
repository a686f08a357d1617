"""Handlers that log a failed remote call: what they keep of the error."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, Option
from ...nouns.facts import Attribute, CallRef, Expr, Name
from ...nouns.signals import ErrorLog
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.flow import names_in
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import shown
from ..sites import Sites

_KEEPS = (
    "format_exc",
    "print_exc",
    "format_tb",
    "_stack",
    "exc_info",
    "capture",
    "record_exception",
    "notice_error",
    "opt(",
)
"""Parts of a callee that say: the error itself goes somewhere."""


class ErrorLogs:
    """Finds the logging calls of handlers around remote work, one for each handler."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._doings = doings

    def find(self) -> Iterator[ErrorLog]:
        """Every such handler that logs at level error or above, in file order."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for number, block in enumerate(file.facts.blocks):
                if block.kind != "handler":
                    continue
                tried = self._tried(file, block.partner)
                found = self._log(file, number) if tried else None
                if found is not None:
                    yield self._told(file, number, found, tried)

    def _tried(self, file: FileIndex, guarded: int) -> str:
        """The remote operation in a try block; "" without one."""
        for site in self._sites.within(file, guarded):
            if site.remote:
                return site.call
        return ""

    def _log(self, file: FileIndex, handler: int) -> int | None:
        """The first call of a handler that logs an error: what one within it says, it says of another."""
        for index in file.calls_in.get(file.facts.blocks[handler].function, ()):
            around = (one for one in file.chain(file.calls[index].block) if file.facts.blocks[one].kind == "handler")
            if next(around, None) == handler and any(
                one.path and Act.LOG_ERROR in self._doings.acts(one.path) for one in self._graph.of(file.path, index)
            ):
                return index
        return None

    def _told(self, file: FileIndex, handler: int, log: int, tried: str) -> ErrorLog:
        block = file.facts.blocks[handler]
        name = block.target.id if isinstance(block.target, Name) else ""
        known = self._contexts.handlers.of(file, handler)
        call = file.calls[log]
        return ErrorLog(
            file.place(call.span),
            self._sites.function((file.path, block.function)),
            shown(file, call.callee),
            tried,
            known.catches,
            names_error=bool(name) and self._mentions(file, handler, name),
            stack=self._keeps(file, handler),
            raises="raises" in known.does or self._contexts.handlers.exits(file, handler),
        )

    @staticmethod
    def _mentions(file: FileIndex, handler: int, name: str) -> bool:
        """Whether the error object is spoken of anywhere in its handler."""
        function = file.facts.blocks[handler].function
        calls = [file.calls[index] for index in file.calls_in.get(function, ())]
        said: list[Expr | None] = []
        for call in calls:
            if file.inside(call.block, handler):
                said += [call.callee, *(argument.value for argument in call.arguments)]
        said += [one.value for one in file.jumps_in.get(function, ()) if file.inside(one.block, handler)]
        said += [one.value for one in file.bindings_in.get(function, ()) if file.inside(one.block, handler)]
        said += [
            file.facts.blocks[one].subject
            for one in file.blocks_in.get(function, ())
            if one != handler and file.inside(one, handler)
        ]
        return any(name in names_in(file, one) for one in said if one is not None)

    def _keeps(self, file: FileIndex, handler: int) -> bool:
        """Whether something in the handler keeps the stack, or may."""
        for index in file.calls_in.get(file.facts.blocks[handler].function, ()):
            call = file.calls[index]
            if not file.inside(call.block, handler):
                continue
            text = shown(file, call.callee).lower()
            if any(part in text for part in _KEEPS) or _is_made(call.callee):
                return True
            for one in self._graph.of(file.path, index):
                if one.path and Act.LOG_ERROR in self._doings.acts(one.path):
                    option = self._doings.options(file, index, one).get("stack")
                    if option is None or _may_be_on(option):
                        return True
        return False


def _is_made(callee: Expr) -> bool:
    """Whether a logger is made for this one call and may know the error: ``logger.opt(exception=e).error``."""
    return isinstance(callee, Attribute) and isinstance(callee.of, CallRef)


def _may_be_on(option: Option) -> bool:
    return option.state == "unseen" or not option.values or any(bool(value) for value in option.values)
