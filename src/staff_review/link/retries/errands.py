"""What one round of a loop is about: the next delivery, a thing of its own, or a peer that is waited for."""

from __future__ import annotations

import re

from ...facts import Await, CallRef, Const, Item, Name, Text
from ...project import Site
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions

TAKING = frozenset({"get_nowait", "pop", "popleft", "next", "readline", "recv", "fetchone"})
"""Members that take the next of several things."""
_DELIVERING = TAKING | {"get", "receive", "read", "poll", "fetch"}
_READY = re.compile(r"(?:^|_)(?:wait|ready|alive|healthy?|healthz|ping|reachable)(?:_|$)")


def delivered(file: FileIndex, loop: int) -> set[str]:
    """The names of what each round takes from somewhere before it tries anything: ``message = await queue.get()``."""
    found: set[str] = set()
    for binding in file.bindings_in.get(file.facts.blocks[loop].function, ()):
        value = binding.value.of if isinstance(binding.value, Await) else binding.value
        if binding.block == loop and isinstance(binding.target, Name) and isinstance(value, CallRef):
            call = file.calls[value.index]
            if leaf_of(call.callee) in _DELIVERING and not call.arguments:
                found.add(binding.target.id)
    return found


def chosen_by(file: FileIndex, loop: int, counter: str) -> set[str]:
    """The names of addresses and keys that a round makes of its number: ``url = GRAPHS.format(number)``."""
    return {
        binding.target.id
        for binding in file.bindings_in.get(file.facts.blocks[loop].function, ())
        if file.inside(binding.block, loop)
        and isinstance(binding.target, Name)
        and isinstance(binding.value, (CallRef, Item, Text))
        and mentions(file, binding.value, {counter})
    }


def waits_for_peer(file: FileIndex, loop: int, sites: list[Site]) -> bool:
    """Whether a loop waits for a peer to be there, by what it is called, and takes no answer along."""
    function = file.facts.blocks[loop].function
    names = (file.function(function).name, *(site.call.rpartition(".")[2] for site in sites))
    return any(_READY.search(name) for name in names) and not any(
        jump.kind == "return" and not isinstance(jump.value, (Const, type(None))) and file.inside(jump.block, loop)
        for jump in file.jumps_in.get(function, ())
    )
