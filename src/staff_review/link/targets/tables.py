"""Tables inside tables: what settings are kept under a name that only the run decides (``SERVICES[name]["url"]``)."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, CallRef, Const, Expr, Item, Mapping, Name
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import ClassValue, Object, Written

_DEEP = 5


def tables_of(evaluator: Evaluator, file: FileIndex, block: int, expr: Expr, depth: int = 0) -> list[Written]:
    """The literal mappings that an expression can be, taken out of others by a key, known or not."""
    found = [one for one in evaluator.values(file, block, expr) if isinstance(one, Written)]
    if any(isinstance(one.expr, Mapping) for one in found) or depth > _DEEP:
        return [one for one in found if isinstance(one.expr, Mapping)]
    if isinstance(expr, Item):
        return _inside(tables_of(evaluator, file, block, expr.of, depth + 1), expr.key)
    if isinstance(expr, CallRef):
        call = file.calls[expr.index]
        key = expression_at(call, None, 0)
        if isinstance(call.callee, Attribute) and call.callee.name == "get" and key is not None:
            return _inside(tables_of(evaluator, file, call.block, call.callee.of, depth + 1), key)
        return []
    return [one for where, at, value in _given(evaluator, file, block, expr)
            for one in tables_of(evaluator, where, at, value, depth + 1)]  # fmt: skip


def _given(evaluator: Evaluator, file: FileIndex, block: int, expr: Expr) -> Iterator[tuple[FileIndex, int, Expr]]:
    """What a name, or an attribute of an object of the program, is given, and where."""
    places: list[tuple[FileIndex, int]] = []
    if isinstance(expr, Name):
        _, definitions = evaluator.symbols.definitions(file, block, expr.id) or (0, ())
        places = [(file, one.number) for one in definitions if one.kind == "binding"]
    elif isinstance(expr, Attribute):
        for owner in evaluator.values(file, block, expr.of):
            lineage = (
                evaluator.members.lineage(owner.path, owner.index) if isinstance(owner, (Object, ClassValue)) else ()
            )
            for path, index in lineage:
                where = evaluator.program.file(path)
                if where is not None:
                    places += [(where, number) for number in where.attributes.get((index, expr.name), ())]
    for where, number in places:
        binding = where.facts.bindings[number]
        if binding.value is not None and binding.how not in ("delete", "enter", "element"):
            yield where, binding.block, binding.value


def _inside(tables: list[Written], key: Expr) -> list[Written]:
    """The mappings under a key, under all of them where it is not known."""
    said = key.value if isinstance(key, Const) else None
    return [
        Written(table.path, table.block, value)
        for table in tables
        if isinstance(table.expr, Mapping)
        for name, value in table.expr.items
        if isinstance(value, Mapping) and (said is None or (isinstance(name, Const) and name.value == said))
    ]
