"""Retries of the program's own making that never end unless a caller says when: ``max_retries=None``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, Call, Const, Expr, Name, Parameter
from ...nouns.project import Retry
from ..calls.graph import Graph
from ..files.arguments import has_spread, passed_for_parameter
from ..files.index import FileIndex, leaf_of
from ..sites import Sites
from .endings import sides, stands_in_limit
from .joining import is_lock

_BOUNDS = re.compile(
    r"(?:max|maximum|num|limit)_?(?:of_)?(?:retry|retries|attempts|tries)|(?:retry|retries|attempts)_limit"
)
_PAUSES = re.compile(r"sleep|back_?off|delay|countdown|later|(?:^|_)wait(?:_|$)")
_ORDERS = frozenset({"<", "<=", ">", ">="})


class Unlimited:
    """Recognises, in one file, the functions and classes whose bound on attempts is none by default."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each parameter that counts attempts only where it is given, and that somebody leaves out."""
        for number, function in enumerate(file.facts.functions):
            for parameter in function.parameters:
                if parameter.default != Const(None) or _BOUNDS.fullmatch(parameter.name) is None:
                    continue
                paced = _is_optional_bound(file, number, parameter.name) and _is_paced(file, number)
                if paced and self._is_left_out(file, number, parameter):
                    yield Retry(
                        file.place(function.span),
                        self._sites.function((file.path, number)),
                        _called(file, number),
                        by_hand=True,
                        bounded="no",
                        unbounded_because=f"for ever, unless its caller gives a `{parameter.name}`",
                        delay="unknown",
                        on="unknown",
                        covers=(),
                        certain=False,
                        joins=is_lock(_called(file, number)),
                    )

    def _is_left_out(self, file: FileIndex, number: int, parameter: Parameter) -> bool:
        """Whether some caller says nothing of a parameter, or nobody knows the callers."""
        facts = file.function(number)
        calls = list(self._calls_of(file, number, _called(file, number)))
        return not calls or any(
            not has_spread(call) and passed_for_parameter(call, facts, parameter.name) is None for call in calls
        )

    def _calls_of(self, file: FileIndex, number: int, name: str) -> Iterator[Call]:
        """The calls of a function in the opened files."""
        for path in sorted(self._graph.program.opened):
            other = self._graph.program.opened[path]
            for index in other.by_leaf.get(name, ()):
                if any(one.function == (file.path, number) for one in self._graph.of(path, index)):
                    yield other.calls[index]


def _called(file: FileIndex, number: int) -> str:
    """The name by which a function is called: for the making of an object, that of its class."""
    function = file.function(number)
    return file.cls(function.cls).name if function.name == "__init__" and function.cls >= 0 else function.name


def _own(file: FileIndex, number: int) -> set[int]:
    """A function, those written inside it, and the methods beside it."""
    cls = file.function(number).cls
    beside = {number} if cls < 0 else {one for (owner, _), one in file.methods.items() if owner == cls}
    inner = enumerate(file.facts.functions)
    return beside | {one for one, function in inner if file.facts.blocks[function.parent_block].function in beside}


def _is_paced(file: FileIndex, number: int) -> bool:
    """Whether something waits between the attempts: what is tried again at once is work of our own."""
    calls = (file.calls[index] for own in _own(file, number) for index in file.calls_in.get(own, ()))
    return any(
        _PAUSES.search(leaf_of(call.callee).lower()) or any(_PAUSES.search(one.name or "") for one in call.arguments)
        for call in calls
    )


def _is_optional_bound(file: FileIndex, number: int, name: str) -> bool:
    """Whether attempts are held against what a parameter gives only where that is not None."""
    own = _own(file, number)
    blocks = ((number, block) for number, block in enumerate(file.facts.blocks) if block.function in own)
    tests = (list(sides(block.subject)) for number, block in blocks if not stands_in_limit(file, number))
    return any(
        any(_asks_none(side, name) for side in test) and any(_weighs(side, name) for side in test) for test in tests
    )


def _asks_none(side: Expr, name: str) -> bool:
    """Whether a condition asks whether a value of that name is there at all."""
    if isinstance(side, Binary):
        return side.op in ("is", "is not") and side.right == Const(None) and leaf_of(side.left) == name
    return isinstance(side, (Name, Attribute)) and leaf_of(side) == name


def _weighs(side: Expr, name: str) -> bool:
    """Whether a condition holds an amount against a value of that name."""
    return isinstance(side, Binary) and side.op in _ORDERS and name in (leaf_of(side.left), leaf_of(side.right))
