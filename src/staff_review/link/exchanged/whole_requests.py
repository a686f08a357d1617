"""Whether the settings put every request into one transaction: ``DATABASES["default"]["ATOMIC_REQUESTS"] = True``."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Binding, Const, Expr, Item, Mapping
from ...source import Place
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.settings_modules import settings_modules

_SETTING = Const("ATOMIC_REQUESTS")


def whole_requests(graph: Graph) -> Place | None:
    """Where it is switched on, the first place; None where it is not."""
    return next((place for file in settings_modules(graph.program) for place in _switched_on(file)), None)


def _switched_on(file: FileIndex) -> Iterator[Place]:
    for binding in file.bindings_in.get(0, ()):
        if _is_on(binding):
            yield file.place(binding.span)


def _is_on(binding: Binding) -> bool:
    if isinstance(binding.target, Item) and binding.target.key == _SETTING:
        return binding.value == Const(True)
    stack: list[Expr | None] = [binding.value]
    while stack:
        here = stack.pop()
        if isinstance(here, Mapping):
            if (_SETTING, Const(True)) in here.items:
                return True
            stack.extend(value for _, value in here.items)
    return False
