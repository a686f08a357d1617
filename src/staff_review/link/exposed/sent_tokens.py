"""Tokens that a request brought: where they are decoded, and whether somebody verifies them on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Const, Expr, Item, Name
from ...nouns.source import Place
from ..calls.doings import Doings
from ..calls.flow import given_by
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex, leaf_of
from ..files.spoken import spoken_in
from ..files.values import FunctionKey
from .origins import Origins

_VERIFIES = re.compile(r"verif|validat|authenticat|introspect", re.IGNORECASE)
_DEEP = 3
_TIMES = frozenset({"exp", "iat", "nbf"})
"""Claims that say how long a token lasts, not who sent it."""


class SentTokens:
    """Finds the decodings of tokens of callers."""

    def __init__(self, graph: Graph, doings: Doings, origins: Origins) -> None:
        self._graph = graph
        self._doings = doings
        self._origins = origins
        self._known: dict[FunctionKey, bool] = {}

    def find(self) -> Iterator[Place]:
        """The places where a token of a request is decoded in a function that comes to no verification."""
        for file, index, found in self._graph.library_calls():
            call = file.calls[index]
            decodes = any(Act.DECODE_TOKEN in self._doings.acts(one.path) for one in found)
            if decodes and call.arguments and self.is_believed(file, index, call.arguments[0].value):
                yield file.place(call.span)

    def is_believed(self, file: FileIndex, index: int, token: Expr) -> bool:
        """Whether the token that a call decodes came with a request, and nobody on the way verifies it."""
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        sent = self._origins.of(file, call.block, token, as_value=True) == "request"
        believed = sent and not reads_times_only(file, index, function)
        return believed and not self._is_verified((file.path, function), but=index)

    def _is_verified(self, key: FunctionKey, depth: int = 0, but: int = -1) -> bool:
        """Whether a function verifies a token, other than by call `but`, or calls one that does or is named for it."""
        known = self._known.get(key) if but < 0 else None
        file = self._graph.program.opened.get(key[0])
        if known is not None or file is None or depth > _DEEP:
            return bool(known)
        self._known[key] = False
        found = any(
            self._verifies(key[0], index, one, depth)
            for index in file.calls_in.get(key[1], ())
            if index != but
            for one in self._graph.of(key[0], index)
        )
        if but < 0:
            self._known[key] = found
        else:
            del self._known[key]
        return found

    def _verifies(self, path: str, index: int, one: Resolved, depth: int) -> bool:
        file = self._graph.program.opened[path]
        if one.function is not None:
            named = _VERIFIES.search(leaf_of(file.calls[index].callee)) is not None
            return named or self._is_verified(one.function, depth + 1)
        if not one.path or Act.DECODE_TOKEN not in self._doings.acts(one.path):
            return False
        signature = self._doings.options(file, index, one).get("signature")
        return signature is None or False not in signature.values


def reads_times_only(file: FileIndex, index: int, function: int) -> bool:
    """Whether of the claims that a call gives only those are read that say how long the token lasts."""
    names = given_by(file, index)
    spoken = [one.expr for one in spoken_in(file, function)]
    said = sum(isinstance(expr, Name) and expr.id in names for expr in spoken)
    asked = [file.calls[call] for call in file.calls_in.get(function, ())]
    read = [expr for expr in spoken if isinstance(expr, Item) and isinstance(expr.of, Name) and expr.of.id in names]
    keys = [expr.key for expr in read] + [
        call.arguments[0].value
        for call in asked
        if call.arguments and isinstance(call.callee, Attribute) and call.callee.name == "get"
        if isinstance(call.callee.of, Name) and call.callee.of.id in names
    ]
    return 0 < said == len(keys) and all(isinstance(key, Const) and key.value in _TIMES for key in keys)
