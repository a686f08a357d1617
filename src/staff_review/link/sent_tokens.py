"""Tokens that a request brought: where they are decoded, and whether somebody verifies them on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..acts import Act
from ..source import Place
from .doings import Doings
from .graph import Graph, Resolved
from .index import leaf_of
from .origins import Origins
from .values import FunctionKey

_VERIFIES = re.compile(r"verif|validat|authenticat|introspect", re.IGNORECASE)
_DEEP = 3


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
            if not call.arguments or not any(Act.DECODE_TOKEN in self._doings.acts(one.path) for one in found):
                continue
            function = file.facts.blocks[call.block].function
            sent = self._origins.of(file, call.block, call.arguments[0].value, as_value=True) == "request"
            if sent and not self._is_verified((file.path, function), but=index):
                yield file.place(call.span)

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
