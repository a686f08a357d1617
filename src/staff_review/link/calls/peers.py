"""What kind of peer an object was made for: none, one on the same machine, or any."""

from __future__ import annotations

from ...nouns.libraries import Client
from ..files.index import leaf_of
from ..files.program import Program
from ..files.values import Instance, Value


def has_no_peer(program: Program, receiver: Value | None) -> bool:
    """Whether an object was made so that it has no peer to wait for: a datagram socket."""
    client = _client_of(program, receiver)
    return client is not None and _is_made_with(program, receiver, client.connectionless)


def has_peer_here(program: Program, receiver: Value | None) -> bool:
    """Whether an object was made for a peer on the same machine: a socket of the file system."""
    client = _client_of(program, receiver)
    return client is not None and _is_made_with(program, receiver, client.same_machine)


def _client_of(program: Program, receiver: Value | None) -> Client | None:
    return program.catalog.clients.get(receiver.type) if isinstance(receiver, Instance) else None


def _is_made_with(program: Program, receiver: Value | None, names: tuple[str, ...]) -> bool:
    """Whether the maker of an object was given one of these names."""
    if not names or not isinstance(receiver, Instance) or receiver.made is None:
        return False
    file = program.file(receiver.made[0])
    arguments = file.calls[receiver.made[1]].arguments if file is not None else ()
    return any(leaf_of(argument.value) in names for argument in arguments)
