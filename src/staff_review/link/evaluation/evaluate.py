"""What an expression can be: constants, library symbols and objects, functions and classes of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ...nouns.facts import (
    Attribute,
    Await,
    Binary,
    CallRef,
    Choice,
    Closure,
    Comprehension,
    Const,
    Expr,
    Item,
    Mapping,
    Name,
    Sequence,
    Spread,
    Text,
    Unary,
)
from ..files.index import FileIndex
from ..files.names import Symbols, reaching
from ..files.program import Program
from ..files.values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Given,
    Instance,
    Literal,
    Object,
    Value,
    Values,
    Written,
)
from .elements import part_of
from .habits import by_name, by_use
from .members import Members
from .results import Results

Mark: TypeAlias = tuple[str, str, int]
"""What is evaluated: "binding", "part x", "call" or "item", its file, its number (or identity) there."""
_DEPTH = 24
_PATIENCE = 500
"""Evaluations for one question after which what a cycle or the depth cut short is not evaluated anew."""
_MOST = 8
"""Values kept for one expression; beyond, it is unknown."""


class Evaluator:
    """Evaluates expressions on demand, remembering what it found and giving up on cycles."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.symbols = Symbols(program, self.binding)
        self.members = Members(self)
        self.results = Results(self)
        self._answers: dict[Mark, Values] = {}
        self._busy: set[Mark] = set()
        self._depth = 0
        self._asked = 0  # evaluations since the outermost one began
        self._drafts: dict[Mark, Values] = {}  # what they gave that is not kept
        self._cuts = 0  # evaluations that a cycle or the depth ended: what was drawn from them holds only there

    def values(self, file: FileIndex, block: int, expr: Expr, line: int = 1 << 30, column: int = 0) -> Values:
        """What `expr` can be when evaluated in `block` at (line, column); never empty."""
        if self._depth > _DEPTH:
            self._cuts += 1
            return (UNKNOWN,)
        self._depth += 1
        try:
            found = self._values(file, block, expr, line, column)
        finally:
            self._depth -= 1
        if len(found) == 1:
            return found
        unique = tuple(dict.fromkeys(found))
        return unique if 0 < len(unique) <= _MOST else (UNKNOWN,)

    def _values(self, file: FileIndex, block: int, expr: Expr, line: int, column: int) -> Values:
        if isinstance(expr, Name):
            return self.name(file, block, expr.id, line, column)
        if isinstance(expr, Attribute):
            owners = self.values(file, block, expr.of, line, column)
            return tuple(value for owner in owners for value in self._member(file, owner, expr))
        if isinstance(expr, CallRef):
            return self.call(file, expr.index)
        if isinstance(expr, Const):
            return (Literal(expr.value, file.path, 0),)
        if isinstance(expr, Await):
            return self.values(file, block, expr.of, line, column)
        if isinstance(expr, Choice):
            return self._choice(file, block, expr, line, column)
        if isinstance(expr, Closure):
            return (FunctionValue((file.path, expr.function)),)
        if isinstance(expr, Item):
            return self.members.item(file, block, expr, line, column)
        if isinstance(expr, Binary):
            return (self._arithmetic(file, block, expr, line, column),)
        if isinstance(expr, (Sequence, Mapping, Text, Comprehension, Unary, Spread)):
            return (Written(file.path, block, expr),)
        return (UNKNOWN,)

    def _member(self, file: FileIndex, owner: Value, expr: Attribute) -> Values:
        return by_name(self.program.catalog, file, owner, expr, self.members.of(owner, expr.name))

    def _choice(self, file: FileIndex, block: int, expr: Choice, line: int, column: int) -> Values:
        found: list[Value] = []
        sure = _not_none_option(expr)
        for number, option in enumerate(expr.options):
            values = self.values(file, block, option, line, column)
            if number == sure:
                values = tuple(_truthy(value) for value in values if not _is_none(value))
            if expr.test is None and number < len(expr.options) - 1:
                values = tuple(_truthy(value) for value in values if not _is_false(value))
            found.extend(values)
        return tuple(found)

    def _arithmetic(self, file: FileIndex, block: int, expr: Binary, line: int, column: int) -> Value:
        left = self.values(file, block, expr.left, line, column)
        right = self.values(file, block, expr.right, line, column)
        if len(left) == len(right) == 1:
            a, b = left[0], right[0]
            if isinstance(a, Literal) and isinstance(b, Literal):
                number = _calculated(expr.op, a.value, b.value)
                if number is not None:
                    return Literal(number, a.path, a.line, a.setting or b.setting)
        for value in left:
            if isinstance(value, Instance):
                return Instance(value.type)  # a path joined, a duration multiplied, a policy combined
        return Written(file.path, block, expr)

    def name(self, file: FileIndex, block: int, name: str, line: int, column: int) -> Values:
        """What a bare name can be at a place: flow counts in its own function, everything counts in outer ones."""
        found = self.symbols.definitions(file, block, name)
        if found is None:
            return self._outside(file, name)
        scope, definitions = found
        own = scope == file.scope(block)
        covered = False
        not_none = False
        picked = definitions
        if own:
            picked, covered, not_none = reaching(file, definitions, block, line, column)
        elif scope == 0:
            return self.symbols.member(file.path, name) or (UNKNOWN,)
        values: list[Value] = []
        for definition in picked:
            values.extend(self.symbols.defined(file, definition, name) or (UNKNOWN,))
        if (scope, name) in file.parameters and not covered:
            values.extend(self._parameter(file, scope, name, not_none))
        elif own and not covered and not picked:
            values.extend(self._outside(file, name) if scope == 0 and not definitions else (UNKNOWN,))
        return tuple(values)

    def _outside(self, file: FileIndex, name: str) -> Values:
        found = self.symbols.starred(file, name)
        if not found and file.stars and name in self.program.catalog.packages:
            found = (External(name),)  # bound by a star import from where nobody can look, under the library's own name
        if found:
            return found
        return (External(f"builtins.{name}"),)

    def _parameter(self, file: FileIndex, function: int, name: str, not_none: bool) -> Values:
        """A parameter: the receiver of a method, the annotated type, what is injected, or what callers give."""
        owner = file.class_of_receiver(function, name)
        facts = file.function(function)
        if owner is not None and facts.parameters and facts.parameters[0].name == name:
            static = any(isinstance(d, Name) and d.id == "staticmethod" for d in facts.decorators)
            if not static:
                on_class = any(isinstance(d, Name) and d.id == "classmethod" for d in facts.decorators)
                return (ClassValue(file.path, owner) if on_class else Object(file.path, owner),)
        parameter = facts.parameters[file.parameters[(function, name)]]
        typed: Values = ()
        if parameter.annotation is not None:
            typed = self.results.annotations.of(file, facts.parent_block, parameter.annotation)
        if parameter.default is not None and isinstance(parameter.default, CallRef):
            typed = typed or self.results.injected(file, parameter.default.index)
        return (*typed, Given((file.path, function), name, not_none))

    def binding(self, file: FileIndex, number: int, name: str) -> Values:
        """What one assignment gives its target, or that of its targets which is called `name`."""
        binding = file.facts.bindings[number]
        if isinstance(binding.target, Sequence):
            return self.once((f"part {name}", file.path, number), lambda: part_of(self, file, binding, name))
        return self.once(("binding", file.path, number), lambda: self.results.of_binding(file, binding))

    def call(self, file: FileIndex, index: int) -> Values:
        """What the call of that index gives back."""
        return self.once(("call", file.path, index), lambda: self.results.of_call(file, index))

    def once(self, mark: Mark, evaluate: Callable[[], Values]) -> Values:
        """Evaluate once and remember; inside itself a value is unknown, and what was drawn from that is not kept.

        Unless the question behind it has cost too much: then what was drawn once answers to its end.
        """
        known = self._answers.get(mark)
        if known is None and self._asked > _PATIENCE:
            known = self._drafts.get(mark)
        if known is not None:
            return known
        if mark in self._busy:
            self._cuts += 1
            return (UNKNOWN,)
        if not self._busy:
            self._asked = 0
            self._drafts.clear()
        self._asked += 1
        cuts = self._cuts
        self._busy.add(mark)
        try:
            values = evaluate()
        finally:
            self._busy.discard(mark)
        if self._cuts == cuts or not self._busy:
            self._answers[mark] = values
        else:
            self._drafts[mark] = values
        return values

    def callee(self, file: FileIndex, index: int) -> Values:
        """What the callee of the call of that index can be."""
        call = file.calls[index]
        found = self.values(file, call.block, call.callee, call.span.line, call.span.column)
        return (by_use(self.program.catalog, file, index) or found) if self._is_foreign(found) else found

    def _is_foreign(self, found: Values) -> bool:
        """Whether nobody tells what a callee is: neither the program nor the catalog."""
        catalog = self.program.catalog
        return found == (UNKNOWN,) or all(isinstance(one, External) and not catalog.says(one.path) for one in found)

    def argument(self, file: FileIndex, index: int, expr: Expr) -> Values:
        """What an argument expression of the call of that index can be."""
        call = file.calls[index]
        return self.values(file, call.block, expr, call.span.line, call.span.column)


def _truthy(value: Value) -> Value:
    return Given(value.function, value.name, not_none=True) if isinstance(value, Given) else value


def _not_none_option(expr: Choice) -> int:
    """Which option of ``a if x is None else x`` is the tested name itself, known not to be None; -1 for neither."""
    test = expr.test
    if test is None or len(expr.options) != 2:
        return -1
    if isinstance(test, Binary) and test.right == Const(None) and test.op in ("is", "==", "is not", "!="):
        chosen = 1 if test.op in ("is", "==") else 0
        return chosen if expr.options[chosen] == test.left else -1
    return 0 if expr.options[0] == test else -1


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def _is_false(value: Value) -> bool:
    return isinstance(value, Literal) and not value.value


def _calculated(op: str, a: str | float | bool | None, b: str | float | bool | None) -> str | float | None:
    if isinstance(a, str) and isinstance(b, str) and op == "+":
        return a + b if len(a) + len(b) < 10_000 else None
    if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        return None
    try:
        if op == "+":
            return a + b
        if op == "-":
            return a - b
        if op == "*":
            return a * b
        if op in ("/", "//"):
            return a / b
        if op == "**" and abs(b) < 64 and abs(a) < 1e6:
            return float(a**b)
    except (ArithmeticError, ValueError):
        return None
    return None
