"""What makes a file worth reading: the catalog's names, by the module one must import to mean them."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.demand import Triggers
from ...nouns.libraries import REMOTE, Effect, Libraries, Library

_DEEP = 2
_POLICIES = ("retry", "transaction", "offload", "limit")
_ASIDE = frozenset({Act.LOG_ERROR, Act.TRACE, Act.ON_SIGNAL, Act.RENDER})
"""Acts that only matter in a file that is read for another reason."""
_LOUD = REMOTE | {Effect.SLEEP, Effect.PROCESS, Effect.WAIT, Effect.FAN_OUT}


def triggers_of(libraries: Libraries, language: str) -> Triggers:
    """Roots and names of everything that can start a finding; what only touches local files counts in coroutines."""
    names: dict[str, set[str]] = {}
    asynchronous: dict[str, set[str]] = {}
    for library in libraries:
        if library.language == language:
            _add_library(library, names, asynchronous)
            names.setdefault("", set()).update(library.words, library.late_acks, library.task_limits)
    return Triggers(
        {root: frozenset(leaves - {"*"}) if "*" not in leaves else frozenset() for root, leaves in names.items()},
        {
            root: frozenset(leaves - {"*"}) if "*" not in leaves else frozenset()
            for root, leaves in asynchronous.items()
        },
        tuple(
            sorted(
                {
                    weakness.argument.encode()
                    for library in libraries
                    for weakness in library.insecure
                    if "*" in weakness.names and weakness.argument is not None
                }
            )
        ),
        frozenset(library.library for library in libraries if library.test_only),
        frozenset({*names, *asynchronous}.difference(*(library.modules for library in libraries))),
    )


def _add_library(library: Library, names: dict[str, set[str]], asynchronous: dict[str, set[str]]) -> None:
    for paths, table in ((_loud_paths(library), names), (_quiet_paths(library), asynchronous)):
        for path in paths:
            for spelling in _spellings(path, library):
                _add(spelling, table)


def _loud_paths(library: Library) -> list[str]:
    """Everything that can start a finding wherever it stands."""
    loud = [name for one in library.operation if frozenset(one.effects) & _LOUD for name in one.names]
    loud.extend(name for act in library.act if not _ASIDE.issuperset(act.does) or not act.does for name in act.names)
    loud.extend(name for client in library.client for name in (client.type, *client.made_by))
    loud.extend(name for entry in library.entry if entry.by == "argument" for name in entry.names)
    loud.extend(name for policy in library.policy if policy.kind in _POLICIES for name in policy.names)
    loud.extend(name for weakness in library.insecure for name in weakness.names)
    loud.extend(name for config in library.config for name in config.names)
    own = f"{library.library}."
    loud.extend(name for error in library.error for name in error.names if name.startswith(own))
    speaking = {name.rpartition(".")[0] for name in loud}
    speaking |= {name for meaning in library.meaning if meaning.means == "bag" for name in meaning.names}
    loud.extend(path for path, made in library.returns.items() if made in speaking)
    for habit in library.habit:
        if habit.type in speaking:
            root = "builtins" if habit.anywhere else habit.type.partition(".")[0]
            loud.extend(f"{root}.{word}" for word in (habit.members if "" in habit.receivers else habit.receivers))
    return loud


def _quiet_paths(library: Library) -> list[str]:
    """What only matters on an event loop."""
    return [
        name
        for one in library.operation
        if Effect.BLOCKING in one.effects and not frozenset(one.effects) & _LOUD
        for name in one.names
    ]


def _spellings(path: str, library: Library) -> Iterator[str]:
    yield path
    for twin in library.also:
        yield twin + path[len(library.library) :]
    for old, new in library.alias.items():
        if path == new or path.startswith(new + "."):
            yield old + path[len(new) :]


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
