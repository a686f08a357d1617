"""Errors that only a peer can be the cause of: who catches one works with somebody, seen or not."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OF_PEERS = re.compile(
    r"\w*(?:Connect|Timeout|Request|Operational|Interface|Database|Unavailable|Transport|Network|Broker|Http|HTTP|URL)\w*"
    r"|AutoReconnect|(?:Redis|Kafka|AMQP|Rpc|Grpc|Client|Server|S3)Error"
)
_LOCAL = ("sqlite3.", "queue.", "asyncio.", "concurrent.", "subprocess.", "threading.", "multiprocessing.")


def tells_of_peer(catches: Iterable[str]) -> bool:
    """Whether one of some canonical paths of error types names a failure of a connection, a request or a server."""
    return any(
        path == "builtins.ConnectionError"
        or (not path.startswith(("builtins.", *_LOCAL)) and _OF_PEERS.fullmatch(path.rpartition(".")[2]) is not None)
        for path in catches
        if "." in path
    )
