"""What makes a file worth reading: the catalog's names, by the module one must import to mean them."""

from __future__ import annotations

from ..facts import Triggers
from ..libraries import REMOTE, Effect, Libraries, Library

_DEEP = 2
_LOUD = REMOTE | {Effect.SLEEP, Effect.PROCESS, Effect.WAIT, Effect.FAN_OUT}


def triggers_of(libraries: Libraries, language: str) -> Triggers:
    """Roots and names of everything that can start a finding; what only touches local files counts in coroutines."""
    names: dict[str, set[str]] = {}
    asynchronous: dict[str, set[str]] = {}
    for library in libraries:
        if library.language == language:
            _add_library(library, names, asynchronous)
    return Triggers(
        {root: frozenset(leaves - {"*"}) if "*" not in leaves else frozenset() for root, leaves in names.items()},
        {root: frozenset(leaves - {"*"}) if "*" not in leaves else frozenset() for root, leaves in asynchronous.items()},
        tuple(sorted({
            weakness.argument.encode() for library in libraries for weakness in library.insecure
            if "*" in weakness.names and weakness.argument is not None
        })),
    )


def _add_library(library: Library, names: dict[str, set[str]], asynchronous: dict[str, set[str]]) -> None:
    loud: list[str] = []
    quiet: list[str] = []
    for operation in library.operation:
        effects = frozenset(operation.effects)
        if effects & _LOUD:
            loud.extend(operation.names)
        elif Effect.BLOCKING in effects:
            quiet.extend(operation.names)
    for client in library.client:
        loud.extend((client.type, *client.made_by))
    speaking = {name.rpartition(".")[0] for name in loud}
    loud.extend(path for path, made in library.returns.items() if made in speaking)
    for policy in library.policy:
        if policy.kind in ("retry", "transaction", "offload", "limit"):
            loud.extend(policy.names)
    for weakness in library.insecure:
        loud.extend(weakness.names)
    for config in library.config:
        loud.extend(config.names)
    spellings = [(old, new) for old, new in library.alias.items()]
    for paths, table in ((loud, names), (quiet, asynchronous)):
        for path in paths:
            _add(path, table)
            for twin in library.also:
                _add(twin + path[len(library.library) :], table)
            for old, new in spellings:
                if path == new or path.startswith(new + "."):
                    _add(old + path[len(new) :], table)


def _add(path: str, table: dict[str, set[str]]) -> None:
    """The word that must stand in a file: the type for its members, the function or maker otherwise."""
    root, _, rest = path.partition(".")
    segments = [segment for segment in rest.split(".") if segment]
    if "*" in root or not root:
        return
    written = [segment for segment in segments if "*" not in segment]
    types = [segment for segment in written[:-1] if segment[:1].isupper()]
    if types:
        word = types[-1]
    elif len(written) > _DEEP:
        word = written[-2]  # `django.core.cache.cache.get`: the object must be named, its members are everywhere
    else:
        word = written[-1] if written else "*"
    table.setdefault("" if root == "builtins" else root, set()).add(word)
