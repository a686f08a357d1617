"""Errors that only a peer can be the cause of: who catches one works with somebody, seen or not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...nouns.project import Handler
from ..knowledge.catalog import Catalog

_OF_PEERS = re.compile(
    r"\w*(?:[Cc]onnect|Timeout|Request|Operational|Interface|Database|Unavailable|Transport|Network|Broker|Http|HTTP|URL"
    r"|Throttl|RateLimit)\w*|Timeout|\w*Reconnect|\w*(?:Rpc|Client|Server)(?:Error|Exception)"
)
_OF_LANGUAGE = re.compile(r"builtins\.Connection(?:Reset|Refused|Aborted)?Error")
_SHARED = re.compile(
    r"builtins\.(?:Exception|BaseException|OSError|IOError|EnvironmentError|TimeoutError|BrokenPipeError|EOFError)"
    r"|(?:asyncio|socket)\.\w*(?i:timeout|error|IncompleteReadError)"
)


_OF_OURS = re.compile(
    r"builtins\.(?:KeyboardInterrupt|InterruptedError|SystemExit|GeneratorExit|Stop(?:Async)?Iteration|BlockingIOError)"
    r"|(?:\w+\.)*CancelledError"
)


_OF_FILES = re.compile(r"builtins\.(?:FileNotFound|FileExists|Permission|IsADirectory|NotADirectory)Error")


def is_of_our_own(catalog: Catalog, catches: Iterable[str]) -> bool:
    """Whether all of some error types are signals of the program itself: nothing failed, or is not there yet."""
    kinds = tuple(catches)
    return bool(kinds) and all(_OF_OURS.fullmatch(path) or _is_early(catalog, path) for path in kinds)


def is_of_files(catches: Iterable[str]) -> bool:
    """Whether all of some error types speak of files of this machine."""
    kinds = tuple(catches)
    return bool(kinds) and all(_OF_FILES.fullmatch(path) for path in kinds)


def is_cancelled(catches: Iterable[str]) -> bool:
    """Whether one of some error types is the signal by which a task is ended."""
    return any(path.endswith("CancelledError") for path in catches)


def _is_early(catalog: Catalog, path: str) -> bool:
    error = catalog.errors.get(path)
    return error is not None and error.says == "not-yet"


def may_be_of_peer(kept: Handler) -> bool:
    """Whether one of the errors that a handler takes may have a failed connection as its cause, or is not known."""
    return kept.broad or may_tell_of_peer(kept.catches) or any("builtins." not in path for path in kept.catches)


def may_tell_of_peer(catches: Iterable[str]) -> bool:
    """Whether one of some error types is one that a failed connection is the cause of among other things."""
    return any(_SHARED.fullmatch(path) and not _OF_OURS.fullmatch(path) for path in catches)


def tells_of_peer(catalog: Catalog, catches: Iterable[str]) -> bool:
    """Whether one of some canonical paths of error types is a library's word for a failed connection or request."""
    return any(_OF_LANGUAGE.fullmatch(path) or _is_of_library(catalog, path) for path in catches)


def _is_of_library(catalog: Catalog, path: str) -> bool:
    """Whether a library of peers calls an error so that it is one of theirs: by its cause, or by the library itself."""
    root, leaf = path.partition(".")[0], path.rpartition(".")[2]
    return root in catalog.peers and (_OF_PEERS.fullmatch(leaf) is not None or root in leaf.lower())
