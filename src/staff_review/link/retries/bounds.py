"""Whether something ends the attempts of a loop, after every error that it tries again after."""

from __future__ import annotations

from typing import Literal

from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import mentions
from ..files.values import FunctionKey
from .choices import mends
from .endings import Endings, counters_of
from .errands import polls
from .peer_errors import tells_of_peer


class Bounds:
    """Judges, in one file, what the handlers of a loop of attempts do for its end."""

    def __init__(self, graph: Graph, contexts: Contexts, endings: Endings) -> None:
        self._graph = graph
        self._contexts = contexts
        self._endings = endings

    def of(self, file: FileIndex, loop: int, handlers: list[int]) -> Literal["yes", "no", "unknown"]:
        """Whether a loop ends; nobody knows of one that asks how far something is, which ends by itself."""
        found = self._endings.bound(file, loop, handlers)
        return "unknown" if found == "no" and (polls(file, loop) or self._is_counted(file, loop, handlers)) else found

    def forgotten(self, file: FileIndex, loop: int, handlers: list[int]) -> str:
        """The errors of a peer after which nothing ends a loop that gives up after others; "" where there are none."""
        if len(handlers) == 1 or self.of(file, loop, handlers) != "yes":
            return ""
        for handler in handlers:
            catches = self._contexts.handlers.of(file, handler).catches
            told = tells_of_peer(self._graph.program.catalog, catches) and not mends(file, handler)
            if told and self.of(file, loop, [handler]) == "no":
                return ", ".join(f"`{path.rpartition('.')[2]}`" for path in catches)
        return ""

    def _is_counted(self, file: FileIndex, loop: int, handlers: list[int]) -> bool:
        """Whether a handler hands what counts the rounds to a function of the program that may raise."""
        counters = counters_of(file, loop, handlers)
        for index in file.calls_in.get(file.facts.blocks[loop].function, ()):
            call = file.calls[index]
            handled = any(file.inside(call.block, one) for one in handlers)
            given = handled and any(mentions(file, one.value, counters) for one in call.arguments)
            if given and any(self._raises(one.function) for one in self._graph.of(file.path, index)):
                return True
        return False

    def _raises(self, function: FunctionKey | None) -> bool:
        home = self._graph.program.opened.get(function[0]) if function is not None else None
        jumps = home.jumps_in.get(function[1], ()) if home is not None and function is not None else ()
        return any(jump.kind == "raise" for jump in jumps)
