"""What calls, bindings and annotations give: instances, return values, injected objects, elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Binding, CallRef, Expr, Sequence
from ...nouns.meanings import Meaning
from ..files.arguments import expression_at, passed_for_parameter
from ..files.index import FileIndex
from ..files.values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Given,
    Instance,
    Literal,
    Object,
    Partial,
    Value,
    Values,
    Written,
)
from .annotations import Annotations
from .chosen import entry_named, member_named
from .elements import elements_of
from .lazy import LazyModules
from .rows import Rows
from .tables import TABLE, table_written
from .wrapping import Wrapping

if TYPE_CHECKING:
    from .evaluate import Evaluator

_RETURNS = 6
"""Return statements looked at in one function."""


class Results:
    """Evaluates what comes out of calls and assignments."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.annotations = Annotations(evaluator)
        self.wrapping = Wrapping(evaluator)
        self.rows = Rows(evaluator)
        self._lazy = LazyModules(evaluator)
        self.callers: dict[tuple[str, int], list[tuple[str, int]]] = {}  # filled by the call graph as it grows

    def of_call(self, file: FileIndex, index: int) -> Values:
        """What one call gives back, for each thing its callee can be."""
        found: list[Value] = []
        for callee in self._evaluator.callee(file, index):
            found.extend(self._of_callee(file, index, callee))
        return tuple(dict.fromkeys(found)) or (UNKNOWN,)

    def _of_callee(self, file: FileIndex, index: int, callee: Value) -> Values:
        if isinstance(callee, External):
            return self._of_external(file, index, callee)
        if isinstance(callee, FunctionValue):
            return self.of_function(callee, (file.path, index))
        if isinstance(callee, ClassValue):
            return self._lazy.behind(file, index, callee) or (Object(callee.path, callee.index, (file.path, index)),)
        if isinstance(callee, Instance):
            return self._of_external(file, index, External(f"{callee.type}.__call__", callee))
        if isinstance(callee, Partial):
            return self._of_partial(callee)
        return (UNKNOWN,)

    def _of_partial(self, partial: Partial) -> Values:
        file = self._evaluator.program.file(partial.call[0])
        if file is None:
            return (UNKNOWN,)
        inner = expression_at(file.calls[partial.call[1]], None, 0)
        if inner is None:
            return (UNKNOWN,)
        found: list[Value] = []
        for callee in self._evaluator.argument(file, partial.call[1], inner):
            if not isinstance(callee, Partial):
                found.extend(self._of_callee(file, partial.call[1], callee))
        return tuple(found)

    def _of_external(self, file: FileIndex, index: int, callee: External) -> Values:
        catalog = self._evaluator.program.catalog
        meaning = catalog.meanings.get(callee.path)
        if meaning is not None and meaning.means != "bag":
            return self._of_meaning(file, index, meaning)
        made = catalog.makers.get(callee.path)
        if made is not None:
            new = any(names.get(callee.path) for names in (catalog.makings, catalog.operations, catalog.policies))
            return (self.rows.given(file, index, callee, made, (file.path, index) if new else None),)
        loaded = self.rows.loaded(file, index, callee)
        if loaded:
            return loaded
        if callee.path == TABLE:
            return table_written(file, index)
        owner, _, name = callee.path.rpartition(".")
        if name in ("__enter__", "__aenter__") and callee.receiver is not None:
            return (callee.receiver if isinstance(callee.receiver, Instance) else Instance(owner),)
        described = catalog.terms.get(callee.path) or catalog.limits.get(callee.path)
        if name[:1].isupper() or described is not None:
            return (Instance(callee.path, (file.path, index)),)
        if callee.receiver is not None and catalog.operations.get(callee.path) is None:
            return (Instance(f"{callee.path}()", (file.path, index)),)
        return (UNKNOWN,)

    def _of_meaning(self, file: FileIndex, index: int, meaning: Meaning) -> Values:
        call = file.calls[index]
        if meaning.means == "partial":
            return (Partial((file.path, index)),)
        if meaning.means == "inject":
            return self.injected(file, index)
        if meaning.means == "super":
            return self._parents(file, index)
        if meaning.means == "member":
            return member_named(self._evaluator, file, index)
        at = meaning.value
        expr = expression_at(call, at.argument, at.position) if at is not None else None
        if meaning.means == "setting":
            values = self._evaluator.argument(file, index, expr) if expr is not None else ()
            return tuple(
                Literal(value.value, value.path, value.line, setting=True) if isinstance(value, Literal) else value
                for value in values
            ) or (UNKNOWN,)
        if meaning.means == "entry" and expr is not None:
            return entry_named(self._evaluator, file, index, expr)
        if meaning.means == "same" and expr is not None:
            return self._evaluator.argument(file, index, expr)
        if meaning.means == "enters" and expr is not None:
            return self._entered(file, expr, self._evaluator.argument(file, index, expr))
        if meaning.means == "module":
            return self._lazy.named(file, index, expr) or (UNKNOWN,)
        return (UNKNOWN,)

    def _parents(self, file: FileIndex, index: int) -> Values:
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        owner = file.function(function).cls
        if owner < 0:
            return (UNKNOWN,)
        lineage = self._evaluator.members.lineage(file.path, owner)
        parents: list[Value] = [Object(path, cls) for path, cls in lineage[1:2]]
        bases = self._evaluator.members.library_bases(file.path, owner)
        if not parents:
            parents = [Instance(base) for base in bases[:1]]
        return tuple(parents) or (UNKNOWN,)

    def injected(self, file: FileIndex, index: int) -> Values:
        """What a framework passes for ``Depends(f)``: the result of `f`, or the object of the class."""
        call = file.calls[index]
        for callee in self._evaluator.callee(file, index):
            meaning = (
                self._evaluator.program.catalog.meanings.get(callee.path) if isinstance(callee, External) else None
            )
            if meaning is None or meaning.means != "inject" or meaning.value is None:
                continue
            expr = expression_at(call, meaning.value.argument, meaning.value.position)
            if expr is None:
                return ()
            found: list[Value] = []
            for target in self._evaluator.argument(file, index, expr):
                if isinstance(target, FunctionValue):
                    found.extend(value for value in self.of_function(target, None, entered=True) if value != UNKNOWN)
                elif isinstance(target, ClassValue):
                    found.append(Object(target.path, target.index))
            return tuple(found)
        return ()

    def of_function(self, callee: FunctionValue, call: tuple[str, int] | None, *, entered: bool = False) -> Values:
        """What a function of the program returns (or yields, when it is entered as a context), as seen by one call."""
        file = self._evaluator.program.file(callee.key[0])
        if file is None:
            return (UNKNOWN,)
        number = callee.key[1]
        function = file.function(number)
        yields = entered and function.is_generator
        found: list[Value] = []
        wanted = ("yield", "yield from") if yields else ("return",)
        jumps = [jump for jump in file.jumps_in.get(number, ()) if jump.kind in wanted and jump.value is not None]
        for jump in jumps[:_RETURNS]:
            if jump.value is not None:
                found.extend(self._evaluator.values(file, jump.block, jump.value, jump.span.line, jump.span.column))
        found = [value for one in found for value in self._substituted(one, callee, call)]
        said: list[Value] = [
            value for value in found if isinstance(value, (Instance, Object, FunctionValue, Partial, Literal, Written))
        ]
        if not any(map(_is_typed, said)) and function.returns is not None:
            told = self.annotations.of(file, function.parent_block, function.returns)
            # Of what some call of a library gives, the annotation only knows more where it names a class of ours.
            given = any(isinstance(value, Instance) for value in said)
            said += [value for value in told if isinstance(value, Object) or not given]
        return tuple(dict.fromkeys(said)) or (UNKNOWN,)

    def _substituted(self, value: Value, callee: FunctionValue, call: tuple[str, int] | None) -> Values:
        if not isinstance(value, Given) or value.function != callee.key or call is None:
            return (value,)
        caller = self._evaluator.program.file(call[0])
        target = self._evaluator.program.file(callee.key[0])
        if caller is None or target is None:
            return (value,)
        expr = passed_for_parameter(caller.calls[call[1]], target.function(callee.key[1]), value.name)
        return self._evaluator.argument(caller, call[1], expr) if expr is not None else (value,)

    def of_binding(self, file: FileIndex, binding: Binding) -> Values:
        """What an assignment, a with-target, or a loop variable holds."""
        at = binding.span
        typed: Values = ()
        if binding.annotation is not None:
            typed = self.annotations.of(file, binding.block, binding.annotation, before=binding)
        if binding.value is None:
            return typed or (UNKNOWN,)
        if isinstance(binding.target, Sequence):
            return (UNKNOWN,)
        if binding.how == "augment":
            return (Written(file.path, binding.block, binding.value), UNKNOWN)
        block = file.facts.blocks[binding.block].parent if binding.how in ("enter", "element") else binding.block
        values = self._evaluator.values(file, block, binding.value, at.line, at.column)
        if binding.how == "element":
            return elements_of(self._evaluator, file, block, binding.value, values)
        if binding.how == "enter":
            return self._entered(file, binding.value, values)
        if typed and not any(isinstance(value, (Instance, Object)) and value.made is not None for value in values):
            said = (value for value in values if isinstance(value, (Literal, FunctionValue, ClassValue, Partial)))
            return (*typed, *said)
        return values

    def _entered(self, file: FileIndex, expr: Expr, values: Values) -> Values:
        if isinstance(expr, CallRef):
            callees = self._evaluator.callee(file, expr.index)
            found: list[Value] = []
            for callee in callees:
                if isinstance(callee, FunctionValue):
                    inside = self._evaluator.program.file(callee.key[0])
                    if inside is not None and inside.function(callee.key[1]).is_generator:
                        found.extend(self.of_function(callee, (file.path, expr.index), entered=True))
            if found:
                return tuple(found)
        entered: list[Value] = []
        for value in values:
            if isinstance(value, Object):
                entered.extend(self._enter_object(value))
            elif isinstance(value, Instance):
                made = self._evaluator.program.catalog.makers.get(f"{value.type}.__enter__")
                entered.append(Instance(made, value.made) if made is not None else value)
            else:
                entered.append(value)
        return tuple(entered)

    def _enter_object(self, value: Object) -> Values:
        for name in ("__enter__", "__aenter__"):
            for method in self._evaluator.members.of(value, name):
                if isinstance(method, FunctionValue):
                    given = [one for one in self.of_function(method, None) if isinstance(one, (Instance, Object))]
                    return tuple(given) or (value,)
        return (value,)

    def passed_types(self, given: Given) -> Values:
        """The objects that callers pass for a parameter; empty when one of them cannot be known."""
        target = self._evaluator.program.file(given.function[0])
        if target is None:
            return ()
        function = target.function(given.function[1])
        found: list[Value] = []
        for path, index in self.callers.get(given.function, ()):
            caller = self._evaluator.program.file(path)
            expr = None if caller is None else passed_for_parameter(caller.calls[index], function, given.name)
            if caller is None or expr is None:
                return ()
            values = self._evaluator.argument(caller, index, expr)
            typed = [value for value in values if isinstance(value, (Instance, Object))]
            if not typed:
                return ()
            found.extend(typed)
        return tuple(dict.fromkeys(found))

    def decorated_as(self, file: FileIndex, function: int, means: str) -> bool:
        """Whether one of a function's decorators has that meaning."""
        facts = file.function(function)
        for decorator in facts.decorators:
            target = file.calls[decorator.index].callee if isinstance(decorator, CallRef) else decorator
            if isinstance(target, Attribute) and target.name in ("setter", "getter", "deleter"):
                return means == "property"
            for value in self._evaluator.values(file, facts.parent_block, target, facts.span.line, 0):
                meaning = (
                    self._evaluator.program.catalog.meanings.get(value.path) if isinstance(value, External) else None
                )
                if meaning is not None and meaning.means == means:
                    return True
        return False


def _is_typed(value: Value) -> bool:
    """Whether a value is an object of a type that has a name: not of whatever some call of a library gives."""
    return isinstance(value, Object) or (isinstance(value, Instance) and not value.type.endswith("()"))
