"""Errors that only a peer can be the cause of: who catches one works with somebody, seen or not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..knowledge.catalog import Catalog

_OF_PEERS = re.compile(
    r"\w*(?:Connect|Timeout|Request|Operational|Interface|Database|Unavailable|Transport|Network|Broker|Http|HTTP|URL)\w*"
    r"|Timeout|\w*Reconnect|\w*(?:Rpc|Client|Server)Error"
)


def tells_of_peer(catalog: Catalog, catches: Iterable[str]) -> bool:
    """Whether one of some canonical paths of error types is a library's word for a failed connection or request."""
    return any(
        path == "builtins.ConnectionError"
        or (path.partition(".")[0] in catalog.peers and _OF_PEERS.fullmatch(path.rpartition(".")[2]) is not None)
        for path in catches
    )
