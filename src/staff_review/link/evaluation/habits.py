"""What an object of unknown origin is by the habit of names, and by the words of the call made on it."""

from __future__ import annotations

from ...nouns.facts import Attribute, Call, Comprehension, Mapping, Sequence, Text
from ...nouns.libraries import Effect
from ...nouns.meanings import Habit
from ..files.index import FileIndex, leaf_of
from ..files.values import UNKNOWN, External, Instance, Value, Values, Written
from ..knowledge.catalog import Catalog


def by_name(catalog: Catalog, file: FileIndex, owner: Value, expr: Attribute, found: Values) -> Values:
    """The member of the type that its owner's name says, where evaluation `found` nothing that a library tells of.

    What is written out where it is made (``objects = {…}``) is of no unknown origin.
    """
    if isinstance(owner, Written) and isinstance(owner.expr, (Comprehension, Mapping, Sequence, Text)):
        return found
    foreign = isinstance(owner, External) and catalog.operations.get(owner.path) is None
    if found == (UNKNOWN,) or (
        foreign and not any(isinstance(one, External) and catalog.says(one.path) for one in found)
    ):
        for habit in catalog.habits.get(expr.name, ()):
            if habit.by_use or not _is_called(habit, expr) or (habit.on_class and _is_of_module(owner)):
                continue
            if not habit.unless or _imported(catalog, file).isdisjoint(habit.unless):
                return _taken(habit, expr)
    return found


def by_use(catalog: Catalog, file: FileIndex, index: int) -> Values:
    """A callee by its owner's name and by what is done with the call; nothing where that fits several libraries."""
    call = file.calls[index]
    if not isinstance(call.callee, Attribute):
        return ()
    habits = [
        habit
        for habit in catalog.habits.get(call.callee.name, ())
        if habit.by_use and _is_called(habit, call.callee) and _is_awaited_so(catalog, habit, file, index)
    ]
    imported = {_root(habit.type) for habit in habits} & _imported(catalog, file) if habits else set()
    for habit in habits:
        if _is_worded(habit, call) and (habit.by_use == "awaited" or imported == {_root(habit.type)}):
            return _taken(habit, call.callee)
    return ()


def _is_worded(habit: Habit, call: Call) -> bool:
    """Whether a call names one of the arguments that tell, or any at all."""
    named = {argument.name for argument in call.arguments if argument.name is not None}
    return habit.by_use != "keywords" or not named.isdisjoint(habit.keywords) or ("*" in habit.keywords and bool(named))


def _is_awaited_so(catalog: Catalog, habit: Habit, file: FileIndex, index: int) -> bool:
    """Whether a call is awaited where the member of the habit's type needs it, and only there."""
    call = file.calls[index]
    member = call.callee.name if isinstance(call.callee, Attribute) else ""
    path = f"{habit.type}.{member}"
    operation = catalog.operations.get(path)
    awaited = call.awaited or index in file.awaited
    if operation is None:
        return catalog.says(path) and not awaited  # it builds what others run
    return (Effect.BLOCKING in operation.effects) is not awaited


def _imported(catalog: Catalog, file: FileIndex) -> set[str]:
    """The libraries that a file imports something of, under the names that the catalog has for them."""
    return {
        _root(catalog.fold(f"{one.module}.{one.name}" if one.name else one.module))
        for one in file.facts.imports
        if not one.level
    }


def _root(path: str) -> str:
    return path.partition(".")[0]


def _is_called(habit: Habit, expr: Attribute) -> bool:
    leaf = leaf_of(expr.of).lower()
    return leaf in habit.receivers if habit.whole else any(word in leaf for word in habit.receivers)


def _is_of_module(owner: Value) -> bool:
    """Whether what is imported belongs to a module, by how the language's people write classes."""
    return isinstance(owner, External) and not owner.path.rpartition(".")[0].rpartition(".")[2][:1].isupper()


def _taken(habit: Habit, expr: Attribute) -> Values:
    return (External(f"{habit.type}.{expr.name}", Instance(habit.type), guessed=True),)
