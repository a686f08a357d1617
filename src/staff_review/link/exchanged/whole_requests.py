"""Whether the settings put every request into one transaction, by a key of theirs that the catalog names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...nouns.facts import Binding, Const, Expr, Item, Mapping
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.settings_modules import settings_modules


def whole_requests(graph: Graph) -> Place | None:
    """Where it is switched on, the first place; None where it is not."""
    keys = [Const(key) for key in sorted(graph.program.catalog.whole_requests)]
    return next((place for file in settings_modules(graph.program) for place in _switched_on(file, keys)), None)


def _switched_on(file: FileIndex, keys: Sequence[Const]) -> Iterator[Place]:
    for binding in file.bindings_in.get(0, ()):
        if any(_is_on(binding, key) for key in keys):
            yield file.place(binding.span)


def _is_on(binding: Binding, key: Const) -> bool:
    if isinstance(binding.target, Item) and binding.target.key == key:
        return binding.value == Const(True)
    stack: list[Expr | None] = [binding.value]
    while stack:
        here = stack.pop()
        if isinstance(here, Mapping):
            if (key, Const(True)) in here.items:
                return True
            stack.extend(value for _, value in here.items)
    return False
