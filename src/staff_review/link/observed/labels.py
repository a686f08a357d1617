"""Values under which something is measured: labels, tags, attributes, and parts of a metric's name."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, Acting
from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Mapping, Sequence, Text
from ...nouns.signals import Label
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import Instance, Written
from ..sites import Sites

_NAMES = "label-names"
_AS_TEXT = ("str", "repr", "format")


class Labels:
    """Reads the arguments of every call that measures."""

    def __init__(self, graph: Graph, sites: Sites) -> None:
        self._graph = graph
        self._sites = sites

    def find(self) -> Iterator[Label]:
        """Every value that is no constant, in file order."""
        for file, index, found in self._graph.library_calls():
            for one in found:
                for entry in self._graph.program.catalog.acts.get(one.path) or ():
                    if Act.MEASURE in entry.does and _NAMES not in entry.options and not _is_emptied(file, index):
                        yield from self._of_call(file, index, one, entry)

    def _of_call(self, file: FileIndex, index: int, one: Resolved, entry: Acting) -> Iterator[Label]:
        call = file.calls[index]
        function = self._sites.function((file.path, file.facts.blocks[call.block].function))
        for name, value in self._values(file, index, one, entry):
            if not isinstance(value, Const):
                yield Label(
                    file.place(call.span),
                    function,
                    shown(file, call.callee),
                    name,
                    _written(file, value),
                    self._is_told(file, value),
                )

    def _values(self, file: FileIndex, index: int, one: Resolved, entry: Acting) -> Iterator[tuple[str, Expr]]:
        call = file.calls[index]
        if not entry.options:
            names = self._declared(one)
            plain = [argument for argument in call.arguments if argument.name is None and not argument.spread]
            yield from zip([*names, *[""] * len(plain)], [argument.value for argument in plain], strict=False)
            yield from ((argument.name, argument.value) for argument in call.arguments if argument.name is not None)
        for spec in entry.options.values():
            expr = expression_at(call, spec.argument, spec.position)
            if expr is not None:
                yield from self._parts(file, index, expr)

    def _declared(self, one: Resolved) -> list[str]:
        """The names of the labels, where the metric's making says them."""
        made = one.receiver.made if isinstance(one.receiver, Instance) else None
        file = self._graph.program.file(made[0]) if made is not None else None
        if made is None or file is None:
            return []
        for maker in self._graph.of(*made):
            for entry in self._graph.program.catalog.acts.get(maker.path) or () if maker.path else ():
                spec = entry.options.get(_NAMES)
                expr = expression_at(file.calls[made[1]], spec.argument, spec.position) if spec is not None else None
                for value in self._graph.evaluator.argument(file, made[1], expr) if expr is not None else ():
                    if isinstance(value, Written) and isinstance(value.expr, Sequence):
                        return [str(item.value) if isinstance(item, Const) else "" for item in value.expr.items]
        return []

    def _parts(self, file: FileIndex, index: int, expr: Expr) -> Iterator[tuple[str, Expr]]:
        """The labels in a mapping, in a list of ``"name:value"`` texts, or in the name of a metric."""
        for value in self._graph.evaluator.argument(file, index, expr):
            found = value.expr if isinstance(value, Written) else None
            if found is None or (isinstance(value, Written) and value.path != file.path):
                continue
            if isinstance(found, Mapping):
                yield from ((str(key.value), item) for key, item in found.items if isinstance(key, Const))
            elif isinstance(found, Sequence):
                for item in found.items:
                    yield from _holes(item)
            else:
                yield from _holes(found)

    def _is_told(self, file: FileIndex, value: Expr) -> bool:
        """Whether a value is the text of something: ``str(error)``, ``f"{error}"``."""
        if isinstance(value, CallRef):
            call = file.calls[value.index]
            return len(call.arguments) == 1 and shown(file, call.callee) in _AS_TEXT
        return False


def _is_emptied(file: FileIndex, index: int) -> bool:
    """Whether what measures is emptied by the same function before: ``GAUGE.clear()``; then it holds one round only."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    metric = call.callee.of if isinstance(call.callee, Attribute) else None
    return metric is not None and any(
        other.discarded and not other.arguments and isinstance(other.callee, Attribute) and other.callee.of == metric
        for other in (file.calls[number] for number in file.calls_in.get(function, ()))
        if other.span < call.span
    )


def _holes(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """The values put into a text, each with the word before its colon as its name."""
    if isinstance(expr, Text):
        before = ""
        for part in expr.parts:
            if isinstance(part, Const):
                before = str(part.value)
            else:
                yield (before.rstrip(":=").rpartition(",")[2] if before.endswith((":", "=")) else ""), part
    elif isinstance(expr, Binary) and expr.op in ("+", "%"):
        name = str(expr.left.value).rstrip(":=") if isinstance(expr.left, Const) else ""
        if not isinstance(expr.left, Const):
            yield from _holes(expr.left)
        yield name, expr.right


def _written(file: FileIndex, value: Expr) -> str:
    """The value as written, with what a call is given."""
    if isinstance(value, CallRef):
        call = file.calls[value.index]
        inner = ", ".join(shown(file, argument.value) for argument in call.arguments)
        return f"{shown(file, call.callee)}({inner})"
    if isinstance(value, Text):
        return "".join(
            str(part.value) if isinstance(part, Const) else "{" + _written(file, part) + "}" for part in value.parts
        )
    return shown(file, value)
