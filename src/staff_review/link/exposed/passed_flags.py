"""Functions of the program that decode a token and let their callers switch the signature off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.acts import Act
from ...nouns.exposures import UncheckedToken
from ...nouns.facts import Const, Expr, Name
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, FunctionKey
from ..sites import Sites
from .sent_tokens import SentTokens, reads_times_only

_DEEP = 3
_SWITCHES = ("signature", "verify")


class Handed(NamedTuple):
    """A function, and which of its parameters are the switch and the token ("" where that is none of them)."""

    function: FunctionKey
    switch: str
    token: str


class PassedFlags:
    """Follows such a switch to the calls that turn it off."""

    def __init__(self, graph: Graph, sites: Sites, doings: Doings, tokens: SentTokens) -> None:
        self._graph = graph
        self._sites = sites
        self._doings = doings
        self._tokens = tokens

    def find(self) -> Iterator[UncheckedToken]:
        """The calls of such functions with the switch off, in the order in which they are met."""
        seen: set[CallKey] = set()
        for file, index, found in self._graph.library_calls():
            for one in found:
                if Act.DECODE_TOKEN not in self._doings.acts(one.path):
                    continue
                options = self._doings.options(file, index, one)
                for name in _SWITCHES:
                    if name in options and set(options[name].values) != {False}:
                        yield from self._off(self._handed(file, index, options[name].text), seen)

    def _handed(self, file: FileIndex, index: int, switch: str) -> Handed:
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        token = call.arguments[0].value if call.arguments else None
        return Handed((file.path, function), switch, _parameter(file, function, token))

    def _off(self, handed: Handed, seen: set[CallKey], depth: int = 0) -> Iterator[UncheckedToken]:
        inner = self._graph.program.opened.get(handed.function[0])
        number = handed.function[1]
        if inner is None or depth >= _DEEP or (number, handed.switch) not in inner.parameters:
            return
        calls = list(self._calls_of(handed.function, inner.function(number).name))
        switches = [
            passed_for_parameter(file.calls[index], inner.function(number), handed.switch) for file, index in calls
        ]
        for (file, index), passed in zip(calls, switches, strict=True):
            path, call = file.path, file.calls[index]
            if (path, index) in seen:
                continue
            seen.add((path, index))
            function = file.facts.blocks[call.block].function
            token = passed_for_parameter(call, inner.function(number), handed.token) if handed.token else None
            if passed == Const(False) and not reads_times_only(file, index, function):
                yield UncheckedToken(
                    file.place(call.span),
                    self._sites.function((path, function)),
                    shown(file, call.callee),
                    handed.switch,
                    elsewhere=any(one in (None, Const(True)) for one in switches),
                    sent=token is not None and self._tokens.is_believed(file, index, token),
                )
            elif isinstance(passed, Name):
                onward = Handed((path, function), passed.id, _parameter(file, function, token))
                yield from self._off(onward, seen, depth + 1)

    def _calls_of(self, function: FunctionKey, name: str) -> Iterator[tuple[FileIndex, int]]:
        """The calls of a function of that name in the opened files."""
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for index in file.by_leaf.get(name, ()):
                if any(one.function == function for one in self._graph.of(path, index)):
                    yield file, index


def _parameter(file: FileIndex, function: int, expr: Expr | None) -> str:
    """The parameter of a function that an expression is; "" when it is none."""
    return expr.id if isinstance(expr, Name) and (function, expr.id) in file.parameters else ""
