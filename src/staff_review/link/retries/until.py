"""Loops that run until a helper says that it went well: ``while not connect(): time.sleep(1)``."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Await, Binary, CallRef, Const, Expr, Unary
from ...nouns.project import Retry, Site
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.values import FunctionKey
from ..sites import Sites
from .endings import Endings
from .errands import waits_for_peer
from .joining import joins
from .pauses import ENDLESS, Pauses
from .repeated import is_repeated


class Until:
    """Recognises, in one file, the loops whose condition is an attempt of its own."""

    def __init__(self, graph: Graph, sites: Sites, endings: Endings, pauses: Pauses) -> None:
        self._graph = graph
        self._sites = sites
        self._endings = endings
        self._pauses = pauses

    def of(self, file: FileIndex, loop: int) -> Retry | None:
        """The retry that a loop is which calls a function of the program until that no longer answers with failure."""
        block = file.facts.blocks[loop]
        index = _asked(block.subject) if block.form == "while" else None
        covers = tuple(self._covered(file, index)) if index is not None else ()
        if not covers or waits_for_peer(file, loop, list(covers)):
            return None
        return Retry(
            file.place(block.span),
            self._sites.function((file.path, block.function)),
            "while loop",
            by_hand=True,
            bounded=self._endings.bound(file, loop, []),
            capped=self._pauses.capped(file, loop),
            unbounded_because=ENDLESS,
            delay=self._pauses.delay(file, loop),
            on="unknown",
            covers=covers,
            pause=self._pauses.place(file, loop),
            joins=joins(file, loop, covers),
            certain=False,
        )

    def _covered(self, file: FileIndex, index: int) -> Iterator[Site]:
        """The remote calls whose errors the called function turns into an answer."""
        for one in self._graph.of(file.path, index):
            home = self._graph.program.file(one.function[0]) if one.function is not None else None
            if home is None or one.function is None:
                continue
            tries = _answered(home, one.function)
            for site in self._sites.in_function(one.function):
                guards = {handler.place for handler in site.context.handlers}
                if is_repeated(site) and any(home.place(home.facts.blocks[one].span) in guards for one in tries):
                    yield site


def _asked(test: Expr | None) -> int | None:
    """The call that a condition is true for as long as it fails: ``not f()``, ``f() is None``, ``f() == False``."""
    if isinstance(test, Unary) and test.op == "not":
        return _call(test.of)
    if isinstance(test, Binary) and test.op in ("is", "==") and isinstance(test.right, Const) and not test.right.value:
        return _call(test.left)
    return None


def _call(expr: Expr) -> int | None:
    inner = expr.of if isinstance(expr, Await) else expr
    return inner.index if isinstance(inner, CallRef) else None


def _answered(file: FileIndex, key: FunctionKey) -> set[int]:
    """The handlers of a function that answer with false, or with nothing."""
    return {
        block
        for jump in file.jumps_in.get(key[1], ())
        if jump.kind == "return" and (jump.value is None or (isinstance(jump.value, Const) and not jump.value.value))
        for block in file.chain(jump.block)
        if file.facts.blocks[block].kind == "handler"
    }
