"""What an application keeps under names of its own, for who is only given the application: ``request.app.state.db``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Const, Expr, Item
from ..files.index import FileIndex, leaf_of
from ..files.values import UNKNOWN, External, Instance, Object, Value, Values

if TYPE_CHECKING:
    from .evaluate import Evaluator


class Bags:
    """Finds what the opened files put into the objects that the catalog calls bags."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._bags: dict[str, bool] = {"": False}  # by canonical path
        self._read: set[str] = set()
        self._put: dict[tuple[str, str], list[tuple[FileIndex, int]]] = {}  # by how it is put there, and the name
        self._busy: set[tuple[str, str]] = set()

    def attribute(self, owner: Value, name: str) -> Values:
        """What ``owner.name = …`` puts there, wherever it stands; empty where that is not one thing."""
        return self._kept("attribute", name) if self._is_bag(owner) else ()

    def item(self, owner: Value, key: Expr) -> Values:
        """What ``owner[key] = …`` puts there."""
        return self._kept("item", _key(key)) if self._is_bag(owner) else ()

    def _is_bag(self, owner: Value) -> bool:
        path = owner.type if isinstance(owner, Instance) else owner.path if isinstance(owner, External) else ""
        known = self._bags.get(path)
        if known is None:
            catalog = self._evaluator.program.catalog
            meaning = catalog.meanings.get(catalog.makers.get(path) or path)
            known = self._bags[path] = meaning is not None and meaning.means == "bag"
        return known

    def _kept(self, how: str, name: str) -> Values:
        key = (how, name)
        if not name or key in self._busy:
            return ()
        self._read_opened()
        self._busy.add(key)
        try:
            put = sorted(self._put.get(key, ()), key=lambda one: (one[0].path, one[1]))
            found = [value for file, number in put for value in self._value(file, number)]
        finally:
            self._busy.discard(key)
        known = [value for value in dict.fromkeys(found) if isinstance(value, (Instance, Object)) and _is_told(value)]
        return tuple(known) if len(dict.fromkeys(map(_kind, known))) == 1 else ()

    def _read_opened(self) -> None:
        opened = self._evaluator.program.opened
        for path, file in opened.items() if len(opened) > len(self._read) else ():
            if path in self._read:
                continue
            self._read.add(path)
            for number, binding in enumerate(file.facts.bindings):
                target = binding.target
                if isinstance(target, Attribute) and binding.value is not None:
                    self._put.setdefault(("attribute", target.name), []).append((file, number))
                elif isinstance(target, Item) and binding.value is not None:
                    self._put.setdefault(("item", _key(target.key)), []).append((file, number))

    def _value(self, file: FileIndex, number: int) -> Values:
        binding = file.facts.bindings[number]
        target = binding.target
        if not isinstance(target, (Attribute, Item)):
            return ()
        at = binding.span
        owners = self._evaluator.values(file, binding.block, target.of, at.line, at.column)
        return self._evaluator.binding(file, number, "") if any(map(self._is_bag, owners)) else (UNKNOWN,)


def _key(key: Expr) -> str:
    return repr(key.value) if isinstance(key, Const) else leaf_of(key)


def _is_told(value: Instance | Object) -> bool:
    """Whether it is more than what some call of a library gives."""
    return isinstance(value, Object) or not value.type.endswith("()")


def _kind(value: Instance | Object) -> object:
    return value.type if isinstance(value, Instance) else (value.path, value.index)
