"""What is drawn from outside: from a peer's answer, or from what a request or a message brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from ...nouns.entries import EntryRef
from ...nouns.facts import Attribute, Await, Binary, Binding, Call, CallRef, Choice, Expr, Item, Name, Sequence, Unary
from ...nouns.libraries import REMOTE, Effect
from ..calls.few import is_set_up
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex
from ..files.values import FunctionKey
from ..sites import Sites

Question: TypeAlias = tuple[str, str, int, str]
DEEP = 12
"""Steps from a value back to where it comes from."""
_MOST_CALLERS = 8
"""Callers of a function that are asked what they pass."""
_BY_PEER = REMOTE - {Effect.DATABASE, Effect.CACHE}


class Drawn:
    """Follows values back through variables, functions and their callers; every answer is remembered."""

    def __init__(self, graph: Graph, sites: Sites, entries: Iterable[EntryRef]) -> None:
        self._graph = graph
        self._sites = sites
        self._asked = {one.function for one in entries if one.kind in ("request", "message")}
        self._known: dict[Question, bool] = {}

    def once(self, question: Question, answer: Callable[[], bool]) -> bool:
        """Asked inside itself, a value adds nothing."""
        known = self._known.get(question)
        if known is None:
            self._known[question] = False
            known = self._known[question] = answer()
        return known

    def is_asked(self, file: FileIndex, function: int) -> bool:
        """Whether the world calls a function with a request or a message."""
        return self._sites.function((file.path, function)) in self._asked

    def callers(self, function: FunctionKey) -> Iterator[tuple[FileIndex, Call]]:
        """The calls of a function of the program, with their files."""
        for path, index in sorted(set(self._graph.callers.get(function, ())))[:_MOST_CALLERS]:
            home = self._graph.program.opened[path]
            yield home, home.calls[index]

    def is_sent(self, file: FileIndex, function: int, name: str, depth: int) -> bool:
        """Whether a parameter is what a request or a message brings, here or in a caller."""
        if (function, name) not in file.parameters or depth > DEEP:
            return False
        if self.is_asked(file, function):
            return file.class_of_receiver(function, name) is None
        return self.once(
            ("sent", file.path, function, name),
            lambda: any(
                isinstance(passed, Name)
                and self.is_sent(home, home.facts.blocks[call.block].function, passed.id, depth + 1)
                for home, call in self.callers((file.path, function))
                for passed in (passed_for_parameter(call, file.function(function), name),)
            ),
        )

    def answered(self, file: FileIndex, block: int, expr: Expr, depth: int) -> bool:
        """Whether a value is drawn from what a peer answered, or what a request or a message brings."""
        if depth > DEEP or is_set_up(file, expr):
            return False
        if isinstance(expr, (Await, Item, Attribute, Unary)):
            return self.answered(file, block, expr.of, depth + 1)
        if isinstance(expr, CallRef):
            call = file.calls[expr.index]
            site = self._sites.by_call.get((file.path, expr.index))
            if site is not None and site.effects & _BY_PEER:
                return True
            inner = [call.callee.of] if isinstance(call.callee, Attribute) else []
            inner.extend(argument.value for argument in call.arguments)
            return any(self.answered(file, call.block, one, depth + 1) for one in inner)
        if isinstance(expr, Name):
            function = owner_of(file, file.facts.blocks[block].function, expr.id)
            question = ("answered", file.path, function, expr.id)
            return self.once(question, lambda: self._drawn(file, function, expr, depth))
        return any(self.answered(file, block, one, depth + 1) for one in alternatives(expr))

    def _drawn(self, file: FileIndex, function: int, name: Name, depth: int) -> bool:
        if self.is_sent(file, function, name.id, depth):
            return True
        bindings = file.bindings_in.get(function, ()) if function else ()
        given = [(one.block, one.value) for one in bindings if one.value is not None and is_given(one, name)]
        return any(self.answered(file, block, value, depth + 1) for block, value in given)


def alternatives(expr: Expr) -> tuple[Expr, ...]:
    """What an expression is one of, or put together of."""
    if isinstance(expr, Await):
        return (expr.of,)
    if isinstance(expr, Choice):
        return expr.options
    return (expr.left, expr.right) if isinstance(expr, Binary) else ()


def owner_of(file: FileIndex, function: int, name: str) -> int:
    """The function, this one or one around it, that a name belongs to; 0 for the module."""
    while function > 0 and (function, name) not in file.names and (function, name) not in file.parameters:
        function = file.facts.blocks[file.function(function).parent_block].function
    return function


def is_given(binding: Binding, name: Name) -> bool:
    """Whether a binding gives a name its value, or one item after the other."""
    if binding.how == "element" and isinstance(binding.target, Sequence):
        return name in binding.target.items
    return binding.target == name
