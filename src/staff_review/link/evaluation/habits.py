"""What an object of unknown origin is by the habit of names, and by the words of the call made on it."""

from __future__ import annotations

from ...facts import Attribute
from ...libraries import Effect, Habit
from ..files.index import FileIndex, leaf_of
from ..files.values import UNKNOWN, External, Instance, Value, Values
from ..knowledge.catalog import Catalog


def by_name(catalog: Catalog, owner: Value, expr: Attribute, found: Values) -> Values:
    """The member of the type that its owner's name says, where evaluation `found` nothing that a library tells of."""
    foreign = isinstance(owner, External) and catalog.operations.get(owner.path) is None
    if found == (UNKNOWN,) or (
        foreign and not any(isinstance(one, External) and catalog.says(one.path) for one in found)
    ):
        for habit in catalog.habits.get(expr.name, ()):
            if not habit.keywords and _is_called(habit, expr):
                return _taken(habit, expr)
    return found


def by_keywords(catalog: Catalog, file: FileIndex, index: int) -> Values:
    """A callee by its owner's name, the keywords, and the one library with such a client that its file imports.

    Nothing where the file imports several, or where the call is awaited and that client's is not.
    """
    call = file.calls[index]
    if not isinstance(call.callee, Attribute):
        return ()
    habits = [habit for habit in catalog.habits.get(call.callee.name, ()) if habit.keywords]
    imported = {_root(habit.type) for habit in habits} & {_root(one.module) for one in file.facts.imports}
    awaited = call.awaited or index in file.awaited
    for habit in habits if len(imported) == 1 else ():
        operation = catalog.operations.get(f"{habit.type}.{call.callee.name}")
        if (
            _root(habit.type) in imported
            and any(argument.name in habit.keywords for argument in call.arguments)
            and _is_called(habit, call.callee)
            and operation is not None
            and (Effect.BLOCKING in operation.effects) is not awaited
        ):
            return _taken(habit, call.callee)
    return ()


def _root(path: str) -> str:
    return path.partition(".")[0]


def _is_called(habit: Habit, expr: Attribute) -> bool:
    leaf = leaf_of(expr.of).lower()
    return any(word == leaf if habit.whole else word in leaf for word in habit.receivers)


def _taken(habit: Habit, expr: Attribute) -> Values:
    return (External(f"{habit.type}.{expr.name}", Instance(habit.type), guessed=True),)
