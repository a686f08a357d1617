"""Addresses in all their spellings taken apart: URLs, DSNs, ``host:port``, several of them in one text."""

from __future__ import annotations

import re

import msgspec

_LOCAL = re.compile(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1?\]?"
    r"|(?:host|gateway)\.(?:docker|minikube|containers|k3d|lima|orb|rancher-desktop)\.internal|docker\.for\.(?:mac|win)\.(?:host\.internal|localhost)"
)
"""This machine, also as containers call the one that they run on."""
_URL = re.compile(r"^(?P<scheme>(?:jdbc:|r2dbc:)?[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)$", re.DOTALL)
_ODBC = re.compile(
    r"(?i)(?:^|[;,\s:])(?:host|server|data source|addr(?:ess)?|hostname)\s*=\s*(?:tcp:)?([^;,:\s]+)(?:[:,](\d+))?"
)
_HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_](?:[\w.-]*\w)?)(?::(\d{1,5}))?$")
_CLUSTER = re.compile(r"\.(?:svc|cluster|local|internal|pod|test|localdomain|consul|service)(?:\.|$)")
_NAME_OF_FILE = re.compile(
    r"(?i)\.(?:sqlite3?|db|sql|json|ya?ml|toml|ini|cfg|conf|txt|log|csv|xml|html?|py|sh|js|ts|css|pem|key|crt|png|jpe?g|svg|pdf|zip)$"
)
_NAME_OF_CLASS = re.compile(r"\.\w*[a-z][A-Z]")
"""``shop.OrderLine``: hosts are written in small letters, even by those who know that it does not matter."""
_FILES = ("sqlite", "file", "unix", "memory", "data", "duckdb", "h2", "derby")

_SPOKEN_ANYWHERE = ("http", "ws", "tcp", "udp", "tls", "ssl")
"""Schemes that say nothing of who is meant when no host follows; with others, it is the product on this machine."""


class Address(msgspec.Struct, frozen=True):
    """One place on the network; `port` 0 when not said, `path` with its leading slash."""

    host: str
    port: int = 0
    scheme: str = ""
    path: str = ""

    @property
    def local(self) -> bool:
        """Whether it is this machine."""
        return _LOCAL.fullmatch(self.host.lower()) is not None

    @property
    def short(self) -> str:
        """The first label where the rest only says which cluster: ``orders.shop.svc.cluster.local`` is ``orders``."""
        return self.host.split(".", 1)[0] if _CLUSTER.search(self.host) else self.host


def addresses_in(text: str) -> list[Address]:
    """Every address that a setting or argument holds; nothing for files, paths, words with blanks."""
    text = text.strip().strip("\"'")
    if not text or len(text) > 2_000:
        return []
    found = _URL.match(text)
    if found is None:
        keyed = _ODBC.findall(text) if "=" in text else []
        if keyed:
            scheme = text.partition(":")[0] if re.match(r"[a-z]+:", text) else ""
            return [Address(host.lower(), _number(port), scheme) for host, port in keyed[:8]]
        parts = [part.strip() for part in text.split(",")[:8] if _NAME_OF_CLASS.search(part) is None]
        return [one for part in parts if (one := _plain(part)) is not None]
    scheme = found["scheme"].lower()
    if re.split(r"[+:]", scheme)[0] in _FILES or re.split(r"[+:]", scheme.removeprefix("jdbc:"))[0] in _FILES:
        return []
    authority, slash, path = re.split(r"(?=[?#])", found["rest"], maxsplit=1)[0].partition("/")
    _, _, hosts = authority.rpartition("@")
    if not found["rest"] and not scheme.startswith(_SPOKEN_ANYWHERE):
        return [Address("localhost", 0, scheme)]
    several = [one for part in hosts.split(",")[:8] if (one := _plain(part)) is not None]
    return [msgspec.structs.replace(one, scheme=scheme, path=slash + path) for one in several]


def _plain(text: str) -> Address | None:
    """``host`` or ``host:port``, perhaps with a path or another scheme behind a comma."""
    inner = _URL.match(text)
    if inner is not None:
        return next(iter(addresses_in(text)), None)
    host, slash, path = text.partition("/")
    found = _HOST.match(host)
    if found is None or (host.replace(".", "").isdigit() and host.count(".") != 3) or _NAME_OF_FILE.search(host):
        return None
    return Address(found[1].lower(), _number(found[2]), "", slash + path)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
