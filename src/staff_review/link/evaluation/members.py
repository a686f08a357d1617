"""Attributes and items: what ``owner.name`` and ``owner[key]`` can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Binary, CallRef, Const, Expr, Item, Mapping, Sequence
from ..files.index import FileIndex
from ..files.values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Given,
    Instance,
    Module,
    Object,
    Package,
    Value,
    Values,
    Written,
)
from .bags import Bags
from .chosen import chosen_from
from .tables import TABLE
from .usual import keeps_as_usual

if TYPE_CHECKING:
    from .evaluate import Evaluator

_BASES = 16
"""Base classes visited for one look-up; more is a cycle or a framework's own business."""
_CALLERS_FOR_TYPE = 4
"""Callers asked for the type of a parameter; beyond, the callers' habits differ too much to say."""

_TYPING = frozenset({"typing", "typing_extensions"})


class Members:
    """Looks members up in modules, classes, instances and library objects."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._bags = Bags(evaluator)
        self._lineages: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self._library_bases: dict[tuple[str, int], list[str]] = {}
        self._known_bases: dict[tuple[str, int], Values] = {}

    def of(self, owner: Value, name: str) -> Values:
        """What attribute `name` of `owner` can be; unknown when nothing is said."""
        if isinstance(owner, Module):
            return self._evaluator.symbols.member(owner.path, name) or (UNKNOWN,)
        if isinstance(owner, Package):
            return (self._evaluator.symbols.module(owner.origin, f"{owner.name}.{name}"),)
        kept = self._bags.attribute(owner, name)
        if kept:
            return kept
        if isinstance(owner, External):
            known = self._as_object(owner)
            if known is not None:
                return self.of(known, name)
            return (self.external(f"{owner.path}.{name}", owner.receiver),)
        if isinstance(owner, Instance):
            return (self.external(f"{owner.type}.{name}", owner),)
        if isinstance(owner, ClassValue):
            return self._in_class(owner.path, owner.index, name, owner)
        if isinstance(owner, Object):
            return self._of_object(owner, name)
        if isinstance(owner, Given):
            return self._of_parameter(owner, name)
        if isinstance(owner, FunctionValue):
            return self._of_function(owner, name)
        if isinstance(owner, Written) and isinstance(owner.expr, Mapping):
            told = self._evaluator.program.catalog.meanings.get(f"{TABLE}.{name}")
            return (External(f"{TABLE}.{name}", owner),) if told is not None else (UNKNOWN,)
        return (UNKNOWN,)

    def _of_function(self, owner: FunctionValue, name: str) -> Values:
        """A member of a decorated function: of the object that its decorator makes of it (``task.delay``)."""
        file = self._evaluator.program.file(owner.key[0])
        facts = file.function(owner.key[1]) if file is not None else None
        if file is None or facts is None:
            return (UNKNOWN,)
        for decorator in facts.decorators:
            target = file.calls[decorator.index].callee if isinstance(decorator, CallRef) else decorator
            values = self._evaluator.values(file, facts.parent_block, target, facts.span.line, 0)
            own = [value for value in values if isinstance(value, FunctionValue)]
            wrapped = [one.decorator for value in own for one in self._evaluator.results.wrapping.entry(value)]
            for value in (*values, *wrapped):
                made = self._evaluator.program.catalog.makers.get(value.path) if isinstance(value, External) else None
                if made is not None:
                    kind = self._overridden(file, decorator, made, name) if isinstance(decorator, CallRef) else ()
                    return kind or (self.external(f"{made}.{name}", Instance(made)),)
        return (UNKNOWN,)

    def _overridden(self, file: FileIndex, decorator: CallRef, made: str, name: str) -> Values:
        """The method that the program's own kind of what a decorator makes has instead (``@app.task(base=Deferred)``).

        A kind that overrides one way to do what `name` does decides for all of them: ``delay`` ends in ``apply_async``.
        """
        for argument in file.calls[decorator.index].arguments:
            for kind in self._evaluator.argument(file, decorator.index, argument.value):
                if isinstance(kind, ClassValue) and made in self.library_bases(kind.path, kind.index):
                    for one in (name, *self._alike(made, name)):
                        found = self._in_class(kind.path, kind.index, one, Object(kind.path, kind.index))
                        if isinstance(found[0], FunctionValue):
                            return found
        return ()

    def _alike(self, made: str, name: str) -> list[str]:
        """The other members of a library's object that do what `name` does."""
        acts = self._evaluator.program.catalog.acts
        does = {act for entry in acts.get(f"{made}.{name}") or () for act in entry.does}
        members = [path.rpartition(".") for path in acts.exact()]
        return [
            leaf
            for owner, _, leaf in members
            if owner == made and any(does.intersection(one.does) for one in acts.get(f"{made}.{leaf}") or ())
        ]

    def external(self, path: str, receiver: Value | None) -> Value:
        """A library's symbol or an attribute of its object, under its canonical path."""
        return External(self._evaluator.program.catalog.fold(path), receiver)

    def _as_object(self, owner: External) -> Instance | None:
        """An attribute of a library's object that holds an object of a known type: ``db.session``."""
        catalog = self._evaluator.program.catalog
        made = catalog.makers.get(owner.path) if owner.receiver is not None else None
        if made is None or made == owner.path:
            return None
        of = owner.receiver if isinstance(owner.receiver, ClassValue) else None
        return Instance(made, owner.receiver.made if isinstance(owner.receiver, Instance) else None, of)

    def _of_object(self, owner: Object, name: str) -> Values:
        file = self._evaluator.program.file(owner.path)
        if file is None:
            return (UNKNOWN,)
        found: list[Value] = []
        for path, index in self.lineage(owner.path, owner.index):
            here = self._evaluator.program.file(path)
            if here is None:
                continue
            numbers = here.attributes.get((index, name), ())
            for number in numbers:
                binding = here.facts.bindings[number]
                if binding.value is not None or binding.annotation is not None:
                    found.extend(self._evaluator.binding(here, number, name))
            own = self._own(here, index, name, owner)
            found.extend(own)
            if found:
                said = [value for value in found if value != UNKNOWN and not _is_none(value)]
                return _as_made(tuple(dict.fromkeys(said or found)))
        return self._from_library_base(owner.path, owner.index, name, owner)

    def _in_class(self, path: str, index: int, name: str, receiver: Value) -> Values:
        for base_path, base in self.lineage(path, index):
            file = self._evaluator.program.file(base_path)
            if file is None:
                continue
            own = self._own(file, base, name, receiver)
            if own:
                usual = self._from_library_base(path, index, name, receiver) if isinstance(receiver, ClassValue) else ()
                return usual if usual and keeps_as_usual(self._evaluator.program.catalog, own, usual) else own
        return self._from_library_base(path, index, name, receiver)

    def _own(self, file: FileIndex, index: int, name: str, receiver: Value) -> Values:
        """Member `name` written in the body of one class."""
        method = file.methods.get((index, name))
        if method is not None:
            value = FunctionValue((file.path, method), receiver)
            if self._evaluator.results.decorated_as(file, method, "property"):
                return self._evaluator.results.of_function(value, None)
            return (value,)
        found: list[Value] = []
        for definition in file.names.get((-1 - index, name), ()):
            found.extend(self._evaluator.symbols.defined(file, definition, name))
        return tuple(found)

    def _from_library_base(self, path: str, index: int, name: str, receiver: Value) -> Values:
        bases = self.library_bases(path, index)
        found = [self.external(f"{base}.{name}", receiver) for base in bases]
        catalog = self._evaluator.program.catalog
        known = [value for value in found if isinstance(value, External) and catalog.operations.get(value.path)]
        return tuple(known or found) or (UNKNOWN,)

    def lineage(self, path: str, index: int) -> list[tuple[str, int]]:
        """The class and its bases in the program, nearest first."""
        known = self._lineages.get((path, index))
        if known is not None:
            return known
        found: list[tuple[str, int]] = []
        waiting = [(path, index)]
        while waiting and len(found) < _BASES:
            key = waiting.pop(0)
            if key in found:
                continue
            found.append(key)
            waiting.extend((base.path, base.index) for base in self._bases(*key) if isinstance(base, ClassValue))
        self._lineages[(path, index)] = found
        return found

    def library_bases(self, path: str, index: int) -> list[str]:
        """Canonical paths of the library classes that a class derives from, also through the program's."""
        known = self._library_bases.get((path, index))
        if known is not None:
            return known
        found: list[str] = []
        for key in self.lineage(path, index):
            for base in self._bases(*key):
                if isinstance(base, External) and base.path not in found and base.path != "builtins.object":
                    found.append(base.path)
        self._library_bases[(path, index)] = found
        return found

    def _bases(self, path: str, index: int) -> Values:
        known = self._known_bases.get((path, index))
        if known is None:
            self._known_bases[(path, index)] = ()  # a class that derives from itself ends here
            known = self._known_bases[(path, index)] = self._evaluated_bases(path, index)
        return known

    def _evaluated_bases(self, path: str, index: int) -> Values:
        file = self._evaluator.program.file(path)
        if file is None:
            return ()
        cls = file.cls(index)
        found: list[Value] = []
        for base in cls.bases:
            target = base.of if isinstance(base, Item) else base  # Generic[T], Base[Model]
            found.extend(self._evaluator.values(file, cls.parent_block, target, cls.span.line, 0))
        return tuple(found)

    def _of_parameter(self, owner: Given, name: str) -> Values:
        """An attribute of an untyped parameter: of what the callers pass, where all say the same."""
        results = self._evaluator.results
        callers = len(results.callers.get(owner.function, ()))  # the graph may still find more
        passed = self._evaluator.once((f"{callers} {owner.name}", *owner.function), lambda: results.passed_types(owner))
        few = passed if len(passed) <= _CALLERS_FOR_TYPE else ()
        return tuple(value for one in few for value in self.of(one, name)) or (UNKNOWN,)

    def item(self, file: FileIndex, block: int, expr: Item, line: int, column: int) -> Values:
        """``of[key]`` for a literal mapping or sequence, or an element of a typed container."""
        if isinstance(expr.key, Binary) and expr.key.op == ":":
            return (Written(file.path, block, expr),)
        owners = self._evaluator.values(file, block, expr.of, line, column)
        keys = self._evaluator.values(file, block, expr.key, line, column)
        found: list[Value] = []
        for owner in owners:
            kept = self._bags.item(owner, expr.key)
            if kept:
                found.extend(kept)
            elif isinstance(owner, Written):
                found.extend(self.written(owner, keys))
            elif isinstance(owner, Instance):
                made = self._evaluator.program.catalog.makers.get(f"{owner.type}.__getitem__")
                found.append(Instance(made, owner.made, owner.of) if made is not None else UNKNOWN)
            elif isinstance(owner, External) and owner.path.partition(".")[0] in _TYPING:
                found.append(Written(file.path, block, expr))  # a type under a name of its own
            else:
                found.append(UNKNOWN)
        return tuple(found) or (UNKNOWN,)

    def written(self, owner: Written, keys: Values) -> Values:
        """What a literal mapping or sequence has under a key."""
        file = self._evaluator.program.file(owner.path)
        if file is None or len(keys) != 1:
            return (UNKNOWN,)
        expr = owner.expr
        if isinstance(expr, Mapping):
            if keys[0] == UNKNOWN or isinstance(keys[0], (Given, External, Instance)):
                return chosen_from(self._evaluator, file, owner.block, expr)
            for key, value in expr.items:
                if isinstance(key, Const) and _same(keys[0], key):
                    return self.part(file, owner.block, value)
        if isinstance(expr, Sequence):
            position = getattr(keys[0], "value", None)
            if isinstance(position, int) and -len(expr.items) <= position < len(expr.items):
                return self.part(file, owner.block, expr.items[position])
        return (UNKNOWN,)

    def part(self, file: FileIndex, block: int, part: Expr) -> Values:
        """One part of a literal; it may name the literal itself (``d = {"n": d["n"] + d["m"]}``), again and again."""
        mark = ("item", file.path, id(part))
        return self._evaluator.once(mark, lambda: self._evaluator.values(file, block, part))


def _as_made(values: Values) -> Values:
    """An object whose making is seen stands for what an annotation only says the type of."""
    made = {value.type for value in values if isinstance(value, Instance) and value.made is not None}
    return tuple(
        value for value in values if not isinstance(value, Instance) or value.made is not None or value.type not in made
    )


def _same(value: Value, key: Const) -> bool:
    return getattr(value, "value", object()) == key.value


def _is_none(value: Value) -> bool:
    return getattr(value, "value", 0) is None and type(value).__name__ == "Literal"
