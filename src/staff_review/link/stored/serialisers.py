"""Classes that show stored objects field by field, and what relations they read from each for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, ValueAt
from ...nouns.facts import Binding, Call, CallRef, Const, Expr, Name, Sequence
from ...nouns.findings import Step
from ...nouns.source import Place
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.values import ClassValue, External, Value
from .chains import Chains
from .object_reads import ObjectReads, Read, Wanted
from .parts import Parts, begins_above
from .relations import Relations

_DEEP = 2
"""Serialisers inside serialisers that are looked into."""


class Serialisers:
    """Reads them: nested ones, fields of related objects, methods, and relations to many that are only listed."""

    def __init__(self, graph: Graph, chains: Chains, relations: Relations) -> None:
        self._graph = graph
        self._members = graph.evaluator.members
        self._chains = chains
        self._relations = relations
        self._object_reads = ObjectReads(graph, chains)
        self._parts = Parts(graph)

    def is_one(self, cls: ClassValue) -> bool:
        """Whether a class of the program shows stored objects."""
        return self._parts.of(cls, Act.SERIALISE) is not None

    def options(self, callee: Value) -> dict[str, ValueAt] | None:
        """What a call is told that makes a serialiser, or has a view make its own; None for all other calls."""
        if isinstance(callee, ClassValue):
            return self._parts.of(callee, Act.SERIALISE)
        entries = self._graph.program.catalog.acts.get(callee.path) if isinstance(callee, External) else None
        return next((entry.options for entry in entries or () if Act.SERIALISE in entry.does), None)

    def is_told_fields(self, callee: Value, call: Call) -> bool:
        """Whether a call itself chooses the fields that are shown, as classes of many programs let it."""
        said = (self.options(callee) or {}).get("fields")
        return said is not None and any(argument.name in said.keys[-1:] for argument in call.arguments)

    def reads(self, cls: ClassValue, wanted: Wanted, planned: frozenset[str], depth: int = 0) -> Iterator[Read]:
        """The relations that showing one object makes the database answer for, unless they are `planned`."""
        declared: set[str] = set()
        listed = self._listed(cls)
        if self._chooses(cls):
            return
        for path, index in self._members.lineage(cls.path, cls.index):
            file = self._graph.program.file(path)
            if file is None:
                continue
            for name, call, binding in _fields(file, file.cls(index).block):
                shown = name not in declared and (listed is None or name in listed)
                if shown and not self._hides(cls, file.calls[call.index]):
                    for read in self._field(file, name, call, cls, wanted, planned, depth):
                        step = Step(file.place(binding.span), f"`{file.cls(index).name}` shows `{name}`")
                        yield Read(read.relation, (step, *read.trail))
                declared.add(name)
        for relation in wanted.lazy.values():
            named = relation.name in listed if listed is not None else not relation.back and self._shows_all(cls)
            if relation.by_call and named and relation.name not in declared:
                yield Read(relation.name)
        yield from self._read_by_methods(cls, wanted)

    def shown(self, cls: ClassValue) -> frozenset[str]:
        """The names that a class which lists rows itself shows of each; none where they are not all written down."""
        return (self._listed(cls) or frozenset()) if self._shows_by_itself(cls) else frozenset()

    def said_at(self, cls: ClassValue) -> Place | None:
        """Where the fields that a class shows are written down."""
        fields = self._fields_said(cls)
        for path, index in self._members.lineage(cls.path, cls.index) if fields is not None else ():
            file = self._graph.program.file(path)
            for one in file.facts.bindings if file is not None else ():
                if file is not None and one.block == file.cls(index).block and one.value is fields:
                    return file.place(one.span)
        return None

    def _shows_by_itself(self, cls: ClassValue) -> bool:
        """Whether a listed name may be a method of the class, handed each row."""
        return "own-methods" in (self._parts.of(cls, Act.SERIALISE) or ())

    def _own(self, cls: ClassValue) -> Iterator[str]:
        """The names among those listed that are methods of the class itself."""
        for name in sorted(self.shown(cls)):
            for path, index in self._members.lineage(cls.path, cls.index):
                file = self._graph.program.file(path)
                if file is not None and (index, name) in file.methods:
                    yield name
                    break

    def _read_by_methods(self, cls: ClassValue, wanted: Wanted) -> Iterator[Read]:
        """What is read by methods that are handed a row, and by those of the row itself that give a field."""
        own = set(self._own(cls))
        for method in (self._parts.name(cls, Act.SERIALISE, "shown-by"), *self._handed_rows(cls), *sorted(own)):
            yield from self._object_reads.in_method(cls, method, 1, wanted)
        for name, method, handed in self.methods(cls):
            if not handed and name not in wanted.lazy and method not in wanted.lazy:
                yield from self._object_reads.in_method(wanted.of, method, 0, wanted)

    def methods(self, cls: ClassValue) -> Iterator[tuple[str, str, bool]]:
        """The fields that a method gives: by name, with the method, and whether it is one of the serialiser's own."""
        declared: set[str] = set()
        listed = self._listed(cls)
        if self._chooses(cls):
            return
        for path, index in self._members.lineage(cls.path, cls.index):
            file = self._graph.program.file(path)
            for name, call, _ in _fields(file, file.cls(index).block) if file is not None else ():
                if file is not None and name not in declared and (listed is None or name in listed):
                    yield from self._by_method(cls, file, name, call)
                declared.add(name)
        own = frozenset(self._own(cls))
        for name in sorted((listed or frozenset()) - declared):
            yield name, name, name in own
        for method in self._handed_rows(cls):
            yield method, method, True

    def _handed_rows(self, cls: ClassValue) -> Iterator[str]:
        """The methods of a class, bases included, that the library hands each row to: ``item_title`` of a feed."""
        bases = self._members.library_bases(cls.path, cls.index)
        for path, index in self._members.lineage(cls.path, cls.index) if bases else ():
            file = self._graph.program.file(path)
            for owner, name in file.methods if file is not None else ():
                if owner == index and any(Act.SHOW_BY_METHOD in self._chains.acts(f"{base}.{name}") for base in bases):
                    yield name

    def _by_method(self, cls: ClassValue, file: FileIndex, name: str, call: CallRef) -> Iterator[tuple[str, str, bool]]:
        written = file.calls[call.index]
        if self._hides(cls, written):
            return
        for value in self._graph.evaluator.callee(file, call.index):
            if not isinstance(value, External):
                continue
            if Act.SHOW_BY_METHOD in self._chains.acts(value.path):
                yield name, self._told(cls, written, "method", name), True
            else:
                yield name, self._told(cls, written, "source", name), False

    def _told(self, cls: ClassValue, field: Call, option: str, name: str) -> str:
        """What a field is told in one of its arguments, else what holds for a field of that name: ``get_*``."""
        at = (self._parts.of(cls, Act.SERIALISE) or {}).get(option)
        usual = at.default if at is not None and isinstance(at.default, str) else "*"
        return _text(field, at.argument if at is not None else None) or usual.replace("*", name)

    def _is_for_many(self, cls: ClassValue, field: Call) -> bool:
        at = (self._parts.of(cls, Act.SERIALISE) or {}).get("many")
        return at is not None and _is(field, at.argument)

    def _hides(self, cls: ClassValue, field: Call) -> bool:
        """Whether a field is only taken, and not shown."""
        at = (self._parts.of(cls, Act.SERIALISE) or {}).get("hidden")
        return at is not None and _is(field, at.argument)

    def _field(
        self,
        file: FileIndex,
        name: str,
        call: CallRef,
        cls: ClassValue,
        wanted: Wanted,
        planned: frozenset[str],
        depth: int,
    ) -> Iterator[Read]:
        written = file.calls[call.index]
        source = self._told(cls, written, "source", name)
        first, _, rest = source.partition(".")
        relation = wanted.lazy.get(first)
        for value in self._graph.evaluator.callee(file, call.index):
            acts = self._chains.acts(value.path) if isinstance(value, External) else frozenset()
            nested = isinstance(value, ClassValue) and self.is_one(value)
            if Act.SHOW_BY_METHOD in acts:
                yield from self._object_reads.in_method(cls, self._told(cls, written, "method", name), 1, wanted)
            elif relation is not None:
                if nested or rest or Act.SHOW_RELATED in acts or (relation.by_call and self._is_for_many(cls, written)):
                    yield Read(first)
            elif nested and isinstance(value, ClassValue) and first in planned and depth < _DEEP:
                yield from self._nested(value, first, wanted, planned, depth)

    def _nested(
        self, cls: ClassValue, name: str, wanted: Wanted, planned: frozenset[str], depth: int
    ) -> Iterator[Read]:
        """What is read from the objects of a relation that the query loads along."""
        outer = self._relations.of(wanted.of).get(name)
        inner = self._relations.class_of(outer) if outer is not None else None
        if outer is None or inner is None:
            return
        found = self._relations.of(inner)
        lazy = {key: one for key, one in found.items() if key not in planned and one.to != outer.holder}
        for read in self.reads(cls, Wanted(inner, lazy), planned, depth + 1):
            yield Read(f"{name}__{read.relation}", read.trail)

    def _fields_said(self, cls: ClassValue) -> Expr | None:
        """What a class, or its nearest base that does, says of its fields, where the library has it written."""
        at = (self._parts.of(cls, Act.SERIALISE) or {}).get("fields")
        for path, index in self._members.lineage(cls.path, cls.index) if at is not None and at.keys else ():
            file = self._graph.program.file(path)
            blocks = [file.cls(index).block] if file is not None else []
            for name in at.keys[:-1] if at is not None else ():
                inner = file.facts.classes if file is not None else ()
                blocks = [one.block for one in inner if one.parent_block in blocks and one.name == name]
            if file is not None and at is not None and blocks:
                target = Name(at.keys[-1])
                said = [one.value for one in file.facts.bindings if one.block in blocks and one.target == target]
                if said or len(at.keys) > 1:
                    return said[0] if said else None
        return None

    def _listed(self, cls: ClassValue) -> frozenset[str] | None:
        """The fields that a class names one by one; None where it does not, or not all as constants."""
        fields = self._fields_said(cls)
        names = [item.value for item in fields.items if isinstance(item, Const)] if isinstance(fields, Sequence) else []
        whole = isinstance(fields, Sequence) and len(names) == len(fields.items)
        return frozenset(map(str, names)) if whole else None

    def _shows_all(self, cls: ClassValue) -> bool:
        every = self._parts.name(cls, Act.SERIALISE, "all-fields")
        return bool(every) and self._fields_said(cls) == Const(every)

    def _chooses(self, cls: ClassValue) -> bool:
        """Whether a class decides as it runs which fields it shows, and does not begin with those that are written."""
        name = self._parts.name(cls, Act.SERIALISE, "chosen-by")
        for path, index in self._members.lineage(cls.path, cls.index):
            file = self._graph.program.file(path)
            method = file.methods.get((index, name)) if file is not None else None
            if file is not None and method is not None and not begins_above(file, method, name):
                return True
        return False


def _fields(file: FileIndex, block: int) -> Iterator[tuple[str, CallRef, Binding]]:
    for binding in file.facts.bindings:
        if binding.block == block and isinstance(binding.target, Name) and isinstance(binding.value, CallRef):
            yield binding.target.id, binding.value, binding


def _text(call: Call, argument: str | None) -> str:
    found = next((one.value for one in call.arguments if argument and one.name == argument), None)
    return found.value if isinstance(found, Const) and isinstance(found.value, str) else ""


def _is(call: Call, argument: str | None) -> bool:
    return any(argument and one.name == argument and one.value == Const(True) for one in call.arguments)
