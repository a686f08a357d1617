"""Calls on objects that nobody can see through: which of them are about a peer, by what they are called."""

from __future__ import annotations

import re

from ...nouns.facts import Attribute
from ...nouns.project import Handler
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.values import FunctionKey
from .peer_errors import may_tell_of_peer
from .repeated import Repeated

_PEERS = re.compile(
    r"(?:^|_)(?:clients?|session|conn|connection|connector|api|http|rpc|stub|channel|producer|consumer|publisher"
    r"|subscriber|broker|sock|socket|ws|websocket|gateway|driver|db|database|server|remote|peer|upstream|backend"
    r"|exchange|provider|service|transport|endpoint|bucket|storage)\d*$",
    re.IGNORECASE,
)
"""Names of objects that stand for somebody outside the process."""
_TYPED = re.compile(r"[a-z0-9](?:Client|Session|Connection|Api|API|Service|Gateway|Stub)$")
_ASKING = re.compile(
    r"_*(?:re)?(?:connect|fetch|send|publish|request|query|execute|invoke|subscribe|download|upload|login|authenticate"
    r"|call|get|post|put|patch|delete|head|list|read|write|recv|receive|poll|consume|search|load|save|push|pull|submit"
    r"|open|listen|produce|sync|create|update|insert|register)(?:_\w+)?"
)
"""Names of members by which such an object is asked for something."""
_TRYING = re.compile(r"retr(?:y|ies|ier)|again|attempt|back_?off|resilien", re.IGNORECASE)


class Unseen:
    """Judges the calls that the catalog and the program say nothing of."""

    def __init__(self, graph: Graph, repeated: Repeated) -> None:
        self._graph = graph
        self._repeated = repeated

    def is_about_peer(self, file: FileIndex, tried: int, kept: Handler) -> bool:
        """Whether a try whose error leads to another attempt at once asks somebody, so far as names and errors tell."""
        may_tell = kept.broad or may_tell_of_peer(kept.catches) or any(map(_is_told, kept.catches))
        return may_tell and (self._asks_peer(file, tried) or self._runs_what_it_is_given(file, tried))

    def is_told_of(self, file: FileIndex, tried: int, kept: Handler) -> bool:
        """Whether something says what a try repeats: it runs what it is handed, or asks somebody by that one's name."""
        return self._repeated.handed_to(file, tried) is not None or self.is_about_peer(file, tried, kept)

    def may_be_remote(self, file: FileIndex, block: int) -> bool:
        """Whether a block holds a call that nobody here can see through, or an awaited one of the program."""
        for index in file.calls_in.get(file.facts.blocks[block].function, ()):
            call = file.calls[index]
            later = call.awaited or index in file.awaited
            if file.inside(call.block, block) and (later or not self._is_seen(file, index)):
                return True
        return False

    def _asks_peer(self, file: FileIndex, block: int) -> bool:
        """Whether a block asks an object that is called like a peer."""
        calls = file.calls_in.get(file.facts.blocks[block].function, ())
        return any(file.inside(file.calls[index].block, block) and self.is_asked(file, index) for index in calls)

    def is_asked(self, file: FileIndex, index: int) -> bool:
        """Whether a call asks an object that is called like a peer, and is no other that is known."""
        callee = file.calls[index].callee
        if not isinstance(callee, Attribute) or _ASKING.fullmatch(callee.name) is None:
            return False
        return self._is_peer(leaf_of(callee.of)) and not self._is_seen(file, index)

    def _is_peer(self, name: str) -> bool:
        """Whether an object is called like somebody outside the process, or like a library that works with one."""
        of_library = name.strip("_").lower() in self._graph.program.catalog.peers
        return of_library or _PEERS.search(name) is not None or _TYPED.search(name) is not None

    def _runs_what_it_is_given(self, file: FileIndex, block: int) -> bool:
        """Whether a block of a wrapper named for retries calls what that was given, where that is not seen through."""
        named = _TRYING.search(file.function(file.facts.blocks[block].function).qualified)
        given = self._repeated.handed_to(file, block) if named else None
        return given is not None and (not given or any(map(self._function_may_be_remote, given)))

    def _function_may_be_remote(self, key: FunctionKey) -> bool:
        file = self._graph.program.file(key[0])
        return file is not None and self.may_be_remote(file, file.function(key[1]).block)

    def _is_seen(self, file: FileIndex, index: int) -> bool:
        found = self._graph.of(file.path, index)
        return bool(found) and all(
            one.function is not None or one.operation is not None or one.path.startswith("builtins.") for one in found
        )


def _is_told(path: str) -> bool:
    """Whether an error type is one of the program, or one that a caller says."""
    return ":" in path or "." not in path
