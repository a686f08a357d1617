"""Names of errors that say a failure in general: what a broad handler catches, in any library."""

from __future__ import annotations

EVERY = frozenset({"builtins.Exception", "builtins.BaseException"})
GENERAL = (
    "RequestException",
    "HTTPError",
    "HTTPStatusError",
    "ClientError",
    "TransportError",
    "ConnectionError",
    "Timeout",
    "TimeoutError",
    "TimeoutException",
    "OperationalError",
    "DatabaseError",
    "InterfaceError",
    "RedisError",
    "KafkaError",
    "AMQPError",
    "PyMongoError",
    "SQLAlchemyError",
    "RpcError",
    "URLError",
    "Error",
)
"""Endings of names that say a failure in general; narrower ones name an expected outcome (NotFound)."""
TELLING = frozenset(
    {"ConnectionError", "HTTPStatusError", "InterfaceError", "Timeout", "TimeoutError", "TimeoutException"}
)
"""Those of them that say by their name alone what happened."""
