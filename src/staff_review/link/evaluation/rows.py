"""Whose rows a query finds, and what one of them is: ``Order.objects.filter(…)``, ``session.query(Order)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Const
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex
from ..files.values import CallKey, ClassValue, External, Instance, Object, Value, Values

if TYPE_CHECKING:
    from .evaluate import Evaluator

MANY = "builtins.list"
"""The type of what holds rows that are loaded."""
_ROWS_OF = "rows-of"
"""The option by which a call names the class whose rows it gives."""
_OWN = "self"


class Rows:
    """Follows the class of stored objects through the calls of a library, from what names it to the single row."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._catalog = evaluator.program.catalog

    def given(self, file: FileIndex, index: int, callee: External, made: str, at: CallKey | None) -> Value:
        """The object of type `made` that a call of a library gives: a row of a class of ours where that is known."""
        of = self._class_of(file, index, callee)
        if of is not None and self._is_row(made, of):
            return Object(of.path, of.index)
        return Instance(made, at, of)

    def loaded(self, file: FileIndex, index: int, callee: External) -> Values:
        """What a call gives that loads all rows of a query, where their class is known."""
        acts = self._catalog.does(callee.path)
        of = self._class_of(file, index, callee) if Act.ALL_ROWS in acts else None
        return (Instance(MANY, (file.path, index), of),) if of is not None else ()

    def _is_row(self, kind: str, of: ClassValue) -> bool:
        """Whether an object of that type of a library is a row of a class: its base, or what all rows are taken for."""
        bases = self._evaluator.members.library_bases(of.path, of.index)
        return kind in bases or Act.WRITE in self._catalog.does(kind)

    def each(self, value: Value) -> Values:
        """What going over a query, or over rows that are loaded, gives again and again."""
        of = value.of if isinstance(value, Instance) else None
        if of is None or not isinstance(value, Instance):
            return ()
        runs = (f"{value.type}.{name}" for name in ("__iter__", "__aiter__"))
        return (Object(of.path, of.index),) if value.type == MANY or any(map(self._loads, runs)) else ()

    def _loads(self, path: str) -> bool:
        acts = self._catalog.does(path)
        known = Act.ALL_ROWS in acts or self._catalog.operations.get(path) is not None
        return known and Act.COLUMNS not in acts

    def _class_of(self, file: FileIndex, index: int, callee: External) -> ClassValue | None:
        """The class whose rows a call is about; None where it gives single values of them, or nobody says."""
        acts = self._catalog.does(callee.path)
        if Act.COLUMNS in acts and Act.STATEMENT not in acts:  # what a statement gives has its rows as columns
            return None
        if isinstance(callee.receiver, ClassValue):
            return callee.receiver
        if isinstance(callee.receiver, Instance) and callee.receiver.of is not None:
            return callee.receiver.of
        return self._named(file, index, callee) or self._of_owner(file, index, callee)

    def _of_owner(self, file: FileIndex, index: int, callee: External) -> ClassValue | None:
        """The class whose manager a call is made on, where that is the program's own: ``Order.open.filter(…)``."""
        call = file.calls[index].callee
        manager = call.of if isinstance(call, Attribute) else None
        if not isinstance(callee.receiver, Object) or not isinstance(manager, Attribute):
            return None
        owners = self._evaluator.argument(file, index, manager.of)
        return owners[0] if len(owners) == 1 and isinstance(owners[0], ClassValue) else None

    def _named(self, file: FileIndex, index: int, callee: External) -> ClassValue | None:
        """The class that an argument names, itself or in the query that it is."""
        for entry in self._catalog.acts.get(callee.path) or ():
            at = entry.options.get(_ROWS_OF) or (entry.options.get("text") if Act.STATEMENT in entry.does else None)
            if at is None or (at.argument is None and len(positional(file.calls[index])) != 1):
                continue  # of several classes there are rows of each
            expr = expression_at(file.calls[index], at.argument, at.position)
            values = self._evaluator.argument(file, index, expr) if expr is not None else ()
            if len(values) == 1 and isinstance(values[0], ClassValue):
                return values[0]
            if len(values) == 1 and isinstance(values[0], Instance):
                return values[0].of
            if isinstance(expr, Const) and isinstance(expr.value, str):
                return self._called(file, index, expr.value)
        return None

    def _called(self, file: FileIndex, index: int, name: str) -> ClassValue | None:
        """The class of that name that stands where the call does: ``ForeignKey("Order")``, ``ForeignKey("self")``."""
        owner = file.class_of_block.get(file.calls[index].block)
        if name == _OWN and owner is not None:
            return ClassValue(file.path, owner)
        found = self._evaluator.symbols.member(file.path, name.rpartition(".")[2])
        return found[0] if len(found) == 1 and isinstance(found[0], ClassValue) else None
