"""Functions that a store's library calls when rows change: ``@receiver(post_save)``, ``post_delete.connect(clean)``."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, Acting, ValueAt
from ...nouns.exchanges import ChangeHandler
from ...nouns.facts import CallRef, Expr, Sequence
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import External, FunctionKey, FunctionValue, Literal, Value
from ..sites import Sites


def change_handlers(graph: Graph, sites: Sites) -> Iterator[ChangeHandler]:
    """Every function that is registered for a change, in file order, once for each event."""
    found: dict[tuple[FunctionKey, str], ChangeHandler] = {}
    for file, index, resolved in graph.library_calls():
        for one in resolved:
            entry = _registering(graph, one.path)
            for event in _events(graph, file, index, one.path, entry) if entry is not None else ():
                known = _registering(graph, event)
                for key in _handlers(graph, file, index, entry) if known is not None and entry is not None else ():
                    if key[0] in graph.program.opened:
                        name = event.removesuffix(".connect").rpartition(".")[2]
                        within = known is not None and _is_within(known)
                        found.setdefault((key, name), ChangeHandler(sites.function(key), name, within))
    yield from found.values()


def _registering(graph: Graph, path: str) -> Acting | None:
    """What the catalog says of a call that registers for a change, or of the change that it names."""
    entries = graph.program.catalog.acts.get(path) if path else None
    return next((entry for entry in entries or () if Act.ON_CHANGE in entry.does), None)


def _is_within(entry: Acting) -> bool:
    return "within" in entry.options and entry.options["within"].default is True


def _said(file: FileIndex, index: int, at: ValueAt | None) -> Expr | None:
    return expression_at(file.calls[index], at.argument, at.position) if at is not None else None


def _events(graph: Graph, file: FileIndex, index: int, path: str, entry: Acting) -> Iterator[str]:
    """The changes that a call registers for, as the catalog names them: by a signal object, or by a word."""
    if "event" not in entry.options:
        yield path
        return
    said = _said(file, index, entry.options["event"])
    for expr in said.items if isinstance(said, Sequence) else (said,):
        for value in graph.evaluator.argument(file, index, expr) if expr is not None else ():
            if isinstance(value, External):
                yield f"{value.path}.connect"
            elif isinstance(value, Literal) and isinstance(value.value, str):
                yield f"{path.rpartition('.')[0]}.{value.value}"


def _handlers(graph: Graph, file: FileIndex, index: int, entry: Acting) -> Iterator[FunctionKey]:
    """The function that is handed over, or the one that the call decorates."""
    expr = _said(file, index, entry.options.get("handler"))
    values: tuple[Value, ...] = graph.evaluator.argument(file, index, expr) if expr is not None else ()
    yield from (value.key for value in values if isinstance(value, FunctionValue))
    for number, function in enumerate(file.facts.functions):
        if CallRef(index) in function.decorators:
            yield file.path, number
