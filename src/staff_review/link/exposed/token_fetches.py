"""Tokens of the service itself, and keys of issuers, that are asked for anew each time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Const, Expr, Item, Mapping, Text
from ...nouns.project import Site
from ...nouns.signals import TokenFetch
from ..calls.graph import Graph
from ..files.index import FileIndex, calls_within, leaf_of
from ..files.values import CallKey, Literal, Written
from ..sites.keeping import keeping

_GRANT = "grant_type"
_OWN = "client_credentials"
_KEYS = re.compile(r"jwks|\.well-known/openid-configuration|/discovery/(?:v2\.0/)?keys|/oauth2/v\d/certs")
_CACHES = re.compile(r"cach|memo|lru|ttl|singleton|once|lock", re.IGNORECASE)
_DEEP = 3


class TokenFetches:
    """Finds the calls that fetch, and asks whether anything keeps what they give."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def find(self, sites: tuple[Site, ...]) -> Iterator[TokenFetch]:
        """Fetches whose answer nobody keeps, in file order."""
        by_place = {site.place: site for site in sites if site.direct}
        for file, index, _ in self._graph.library_calls():
            site = by_place.get(file.place(file.calls[index].span))
            what = self._what(file, index, site) if site is not None else ""
            if site is None or not what or self._is_kept((file.path, index)):
                continue
            if site.remote or not keeping(self._graph, file, index)[0]:
                yield TokenFetch(site.place, site.function, site.call, what)

    def _what(self, file: FileIndex, index: int, site: Site) -> str:
        call = file.calls[index]
        if Act.FETCH_TOKEN in site.acts:
            if "grant" not in site.options:
                return "keys"
            return "token" if site.options["grant"].values == (_OWN,) else ""
        if not site.remote:
            return ""
        for argument in call.arguments:
            if self._names_grant(file, index, argument.value):
                return "token"
        for argument in call.arguments[:2]:
            if any(_KEYS.search(text) for text in self._texts(file, index, argument.value)):
                return "keys"
        return ""

    def _names_grant(self, file: FileIndex, index: int, expr: Expr) -> bool:
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, Written) and isinstance(value.expr, Mapping):
                return any(
                    isinstance(key, Const) and key.value == _GRANT and item == Const(_OWN)
                    for key, item in value.expr.items
                )
        return False

    def _texts(self, file: FileIndex, index: int, expr: Expr) -> Iterator[str]:
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, Literal) and isinstance(value.value, str):
                yield value.value
            elif isinstance(value, Written) and isinstance(value.expr, Text):
                yield "".join(str(part.value) for part in value.expr.parts if isinstance(part, Const))

    def _is_kept(self, key: CallKey, depth: int = 0) -> bool:
        """Whether the answer is stored, the call runs on a condition, or a decorator remembers; here or in a caller."""
        file = self._graph.program.opened.get(key[0])
        if file is None or depth > _DEEP:
            return True
        call = file.calls[key[1]]
        function = file.facts.blocks[call.block].function
        if function == 0 or file.function(function).name == "__init__":
            return True
        if any(file.facts.blocks[one].kind in ("branch", "otherwise") for one in file.chain(call.block)):
            return True
        if self._remembers(file, function, call.span.line):
            return True
        callers = self._graph.callers.get((key[0], function), ())
        return any(self._is_kept(caller, depth + 1) for caller in callers)

    @staticmethod
    def _remembers(file: FileIndex, function: int, line: int) -> bool:
        """Whether a function keeps something beside its own names, or may return before `line`."""
        facts = file.function(function)
        for decorator in facts.decorators:
            name = leaf_of(decorator)
            for index in calls_within(decorator):
                name = leaf_of(file.calls[index].callee)
            if _CACHES.search(name):
                return True
        if any(isinstance(one.target, (Attribute, Item)) for one in file.bindings_in.get(function, ())):
            return True
        if any(_CACHES.search(leaf_of(file.calls[index].callee)) for index in file.calls_in.get(function, ())):
            return True
        blocks = file.blocks_in.get(function, ())
        early = {jump.block for jump in file.jumps_in.get(function, ()) if jump.kind == "return"}
        return any(
            file.facts.blocks[one].kind == "branch" and one in early and file.facts.blocks[one].span.line < line
            for one in blocks
        )
