"""Addresses of public peers that are spoken to in the clear."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from itertools import islice

from ...nouns.exposures import PlainAddress
from ...nouns.facts import Const, Expr, Text
from ...nouns.libraries import REMOTE
from ..calls.graph import Graph, Resolved
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import Literal, Written
from ..sites import Sites

_PLAIN = re.compile(
    r"^(?P<scheme>bare|http|ws|ftp|redis|amqp|mqtt|nats|ldap|stomp|mongodb|mysql|postgres(?:ql)?)(?:\+\w+)?://(?:[^@/\s]*@)?(?P<host>[\w.-]+)(?P<rest>.*)$",
    re.DOTALL,
)
_ALWAYS = re.compile(r"http|ws|ftp|redis|amqp|mqtt|ldap|stomp|bare")
"""Schemes that say: no encryption. The others encrypt if their options do not forbid it."""
_BARE = "bare"
"""Stands for the scheme of an address without one, where the call itself leaves encryption out."""
_OFF = re.compile(r"sslmode=(?:disable|allow)\b|(?:ssl|tls)=false\b", re.IGNORECASE)
_NAMED = re.compile(
    r"(?i)^(?:\w*_)?(?:url|uri|urls|host|hosts|dsn|conninfo|endpoint|endpoint_url|address|broker|target|servers?|api_base|base)$"
)
_INSIDE = re.compile(
    r"(?:^|\.)(?:local|localhost|internal|intranet|lan|corp|home|private|svc|cluster|consul|test|invalid|example|localdomain|arpa"
    r"|onion|docker)(?:\.|$)|metadata\.google"
)


class PlainAddresses:
    """Reads the addresses that clients and remote calls are given."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[PlainAddress]:
        """One address for each call, in file order."""
        for file, index, found in self._graph.library_calls():
            if any(self._speaks(one) for one in found):
                yield from islice(self._in_call(file, index), 1)

    def _speaks(self, one: Resolved) -> bool:
        """Whether a call goes to another machine, or makes what does."""
        catalog = self._graph.program.catalog
        made = catalog.makers.get(one.path)
        client = catalog.clients.get(made) if made is not None else None
        effects = set(one.operation.effects) if one.operation is not None else set()
        return bool(effects & REMOTE) or (client is not None and bool(REMOTE.intersection(client.effects)))

    def _in_call(self, file: FileIndex, index: int) -> Iterator[PlainAddress]:
        for number, argument in enumerate(file.calls[index].arguments):
            named = argument.name is not None and _NAMED.search(argument.name)
            if argument.spread or not (named or (argument.name is None and number < 2)):
                continue
            bare = self._is_bare(file, index)
            for text, certain in self._texts(file, index, argument.value):
                found = _PLAIN.match(f"{_BARE}://{text}" if bare and "://" not in text else text)
                if found is None or not _is_public(found["host"]):
                    continue
                scheme = found["scheme"]
                off = _OFF.search(found["rest"])
                if _ALWAYS.fullmatch(scheme) or off is not None:
                    yield self._told(file, index, scheme, found["host"], off[0] if off else _because(scheme), certain)

    def _is_bare(self, file: FileIndex, index: int) -> bool:
        """Whether the call itself says that there is no encryption, whatever address it is given."""
        insecure = self._graph.program.catalog.insecure
        found = [weak for one in self._graph.of(file.path, index) if one.path for weak in insecure.get(one.path) or ()]
        return any(weak.about == "encryption" for weak in found)

    def _texts(self, file: FileIndex, index: int, expr: Expr) -> Iterator[tuple[str, bool]]:
        """The texts that an argument can be; of an interpolated one the part before its first hole."""
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, Literal) and isinstance(value.value, str):
                yield value.value, not value.setting
            elif isinstance(value, Written) and isinstance(value.expr, Text) and value.expr.parts:
                first = value.expr.parts[0]
                if isinstance(first, Const) and re.match(r"^\w+://[^/]+/", str(first.value)):
                    yield str(first.value), True

    def _told(self, file: FileIndex, index: int, scheme: str, host: str, because: str, certain: bool) -> PlainAddress:
        call = file.calls[index]
        function = self._sites.function((file.path, file.facts.blocks[call.block].function))
        return PlainAddress(
            file.place(call.span), function, shown(file, call.callee), scheme, host, f"`{because}`", certain
        )


def _because(scheme: str) -> str:
    return "insecure" if scheme == _BARE else f"{scheme}://"


def _is_public(host: str) -> bool:
    """Whether a host is reached over a network that is not ours."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        ending = host.rpartition(".")[2]
        return "." in host and ending.isalpha() and len(ending) > 1 and _INSIDE.search(host.lower()) is None
