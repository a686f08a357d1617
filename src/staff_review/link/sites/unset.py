"""Limits that a framework takes from its settings, and that those do not give."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Binding, Const, Name
from ...nouns.libraries import Setting
from ...nouns.project import Unset
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.settings_modules import settings_modules
from . import Sites


def unset_limits(graph: Graph, sites: Sites) -> Iterator[Unset]:
    """One for each peer that settings name and no setting bounds, where the settings first name it."""
    modules = list(settings_modules(graph.program))
    for setting in graph.program.catalog.settings:
        if any(_given(file, setting.limit) for file in modules):
            continue
        for file in modules:
            named = _given(file, setting.name)
            if named and any(_given(file, name) for name in setting.beside) and not _is_other(file, setting):
                place, module = file.place(named[0].span), sites.function((file.path, 0))
                yield Unset(place, module, setting.name, setting.limit, setting.call)
                break


def _given(file: FileIndex, name: str) -> list[Binding]:
    """Where a module gives a setting a value."""
    return [one for one in file.bindings_in.get(0, ()) if one.target == Name(name)]


def _is_other(file: FileIndex, setting: Setting) -> bool:
    """Whether the module chooses a client that the limit is not for."""
    return any(
        isinstance(one.value, Const)
        and setting.chosen not in str(one.value.value)
        and file.facts.blocks[one.block].kind == "module"
        for one in _given(file, setting.chosen_by)
    )
