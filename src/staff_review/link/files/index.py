"""One file's facts, indexed: who owns a name, what is assigned where, which calls stand in which function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal

from ...nouns.facts import (
    Argument,
    Attribute,
    Binding,
    Block,
    Call,
    CallRef,
    Class,
    Const,
    Expr,
    FileFacts,
    Function,
    Item,
    Jump,
    Name,
    Sequence,
    Spread,
)
from ...nouns.source import Place, Span
from .definitions import Definition, Spoken


class FileIndex:
    """Facts of one file with the dictionaries that evaluation needs; a scope is a function, or -1 - a class."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.path = facts.path
        self.names: dict[tuple[int, str], list[Definition]] = {}
        self.attributes: dict[tuple[int, str], list[int]] = {}  # (class, attribute) -> bindings of `self.attribute`
        self.members: dict[tuple[int, str, str], list[int]] = {}  # (function, name, attribute), of `name.attribute`
        self.items: dict[tuple[int, str], list[int]] = {}  # (function, name) -> bindings of `name[...]`
        self.class_of_block: dict[int, int] = {cls.block: number for number, cls in enumerate(facts.classes)}
        self.methods: dict[tuple[int, str], int] = {}
        self.parameters: dict[tuple[int, str], int] = {}
        self.stars: list[int] = []
        self.variables: set[str] = set()  # names given by assignment, import under another name, or parameter
        self._globals = frozenset(facts.globals)
        self._scopes: list[int] = []  # by block; a block comes after its parent
        self.blocks_in: dict[int, list[int]] = {}  # by function, as the two below
        self.bindings_in: dict[int, list[Binding]] = {}
        self.jumps_in: dict[int, list[Jump]] = {}
        for number, block in enumerate(facts.blocks):
            self._scopes.append(self._scope_of(number, block))
            self.blocks_in.setdefault(block.function, []).append(number)
        self._add_definitions()
        for number, binding in enumerate(facts.bindings):
            self._add_binding(binding.target, number, binding)
            self.bindings_in.setdefault(facts.blocks[binding.block].function, []).append(binding)
        for jump in facts.jumps:
            self.jumps_in.setdefault(facts.blocks[jump.block].function, []).append(jump)
        self.calls: list[Call] = list(facts.calls)  # and, after them, calls that other calls make for us
        self.forwarded: dict[int, int] = {}  # such a call -> the written call that makes it
        self.calls_in: dict[int, list[int]] = {}
        self.holder: dict[int, int] = {}  # inner call -> the call it is an argument of
        self.by_leaf: dict[str, list[int]] = {}  # last name of the callee -> calls; "" where it has none
        self.by_receiver: dict[str, list[int]] = {}  # last name of the object a call is made on -> calls
        self.keywords: set[str] = set()  # names of arguments used in the file
        self.handed: dict[str, list[int]] = {}  # last name of an argument that is a bare name -> calls
        self.spoken: dict[int, tuple[Spoken, ...]] = {}  # by function, once asked for
        for number, call in enumerate(facts.calls):
            self._add_call(number, call)

    @cached_property
    def awaited(self) -> frozenset[int]:
        """Calls that `async with` and `async for` enter or run over: as good as awaited."""
        return self._subjects(lambda block: block.is_async)

    @cached_property
    def entered(self) -> frozenset[int]:
        """Those, and the calls that any `with` enters."""
        return self._subjects(lambda block: block.kind == "with" or block.is_async)

    def _subjects(self, wanted: Callable[[Block], bool]) -> frozenset[int]:
        return frozenset(
            index
            for block in self.facts.blocks
            if block.subject is not None and wanted(block)
            for index in calls_within(block.subject)
        )

    @cached_property
    def opens(self) -> dict[int, int]:
        """Calls that a with-block enters, and that block."""
        return {
            index: number
            for number, block in enumerate(self.facts.blocks)
            if block.kind == "with" and block.subject is not None
            for index in calls_within(block.subject)
        }

    @cached_property
    def binds(self) -> dict[int, list[Binding]]:
        """Calls and the bindings whose value they are, directly or inside awaits and literals."""
        found: dict[int, list[Binding]] = {}
        for binding in self.facts.bindings:
            for index in calls_within(binding.value) if binding.value is not None else ():
                found.setdefault(index, []).append(binding)
        return found

    @cached_property
    def gives(self) -> dict[int, list[Jump]]:
        """Calls and the returns and yields whose value they are, as in `binds`."""
        found: dict[int, list[Jump]] = {}
        for jump in self.facts.jumps:
            for index in calls_within(jump.value) if jump.value is not None else ():
                found.setdefault(index, []).append(jump)
        return found

    def _add_definitions(self) -> None:
        facts = self.facts
        for number, function in enumerate(facts.functions):
            if number and not function.name.startswith("<"):
                self._define(function.name, "function", number, function.parent_block, function.span)
                if function.cls >= 0:
                    self.methods[(function.cls, function.name)] = number
            for position, parameter in enumerate(function.parameters):
                self.parameters[(number, parameter.name)] = position
                self.variables.add(parameter.name)
        for number, cls in enumerate(facts.classes):
            self._define(cls.name, "class", number, cls.parent_block, cls.span)
        for number, imported in enumerate(facts.imports):
            if imported.name == "*":
                self.stars.append(number)
                continue
            name = imported.alias or (imported.name or imported.module).partition(".")[0]
            if imported.name is not None and imported.alias != imported.name:
                self.variables.add(name)
            self._define(name, "import", number, imported.block, Span(imported.line, 1, imported.line, 1))
        for number, block in enumerate(facts.blocks):
            if block.kind == "handler" and isinstance(block.target, Name):
                self._define(block.target.id, "handler", number, number, block.span)

    def _define(
        self, name: str, kind: Literal["function", "class", "import", "handler"], index: int, block: int, at: Span
    ) -> None:
        key = (self.scope(block), name)
        self.names.setdefault(key, []).append(Definition(kind, index, block, at.line, at.column))

    def _add_binding(self, target: Expr, number: int, binding: Binding) -> None:
        if isinstance(target, Name):
            self.variables.add(target.id)
            scope = self.scope(binding.block)
            if scope > 0 and (scope, target.id) in self._globals:
                scope = 0
            self.names.setdefault((scope, target.id), []).append(
                Definition("binding", number, binding.block, *_holds_from(binding))
            )
        elif isinstance(target, Sequence):
            for item in target.items:
                self._add_binding(item, number, binding)
        elif isinstance(target, Spread):
            self._add_binding(target.of, number, binding)
        elif isinstance(target, Attribute) and isinstance(target.of, Name):
            function = self.facts.blocks[binding.block].function
            owner = self.class_of_receiver(function, target.of.id)
            if owner is not None:
                self.attributes.setdefault((owner, target.name), []).append(number)
            self.members.setdefault((function, target.of.id, target.name), []).append(number)
        elif isinstance(target, Item) and isinstance(target.of, Name):
            self.items.setdefault((self.facts.blocks[binding.block].function, target.of.id), []).append(number)

    def _add_call(self, number: int, call: Call) -> None:
        self.calls_in.setdefault(self.facts.blocks[call.block].function, []).append(number)
        callee = call.callee
        self.by_leaf.setdefault(leaf_of(callee), []).append(number)
        if isinstance(callee, Attribute):
            receiver = callee.of
            name = (
                leaf_of(self.facts.calls[receiver.index].callee) if isinstance(receiver, CallRef) else leaf_of(receiver)
            )
            self.by_receiver.setdefault(name, []).append(number)
        for argument in call.arguments:
            value = argument.value
            if argument.name is not None:
                self.keywords.add(argument.name)
            if isinstance(value, (Name, Attribute)):
                self.handed.setdefault(leaf_of(value), []).append(number)
            elif not isinstance(value, Const):
                for inner in calls_within(value):
                    self.holder.setdefault(inner, number)

    def forward(self, outer: int, callee: Expr, arguments: tuple[Argument, ...]) -> int:
        """Add the call that call `outer` makes for us (``to_thread(f, x)`` calls ``f(x)``) and give its number."""
        call = self.calls[outer]
        self.calls.append(
            Call(callee, arguments, call.block, call.span, call.callee_span, call.awaited, call.discarded)
        )
        number = len(self.calls) - 1
        self.forwarded[number] = outer
        self.calls_in.setdefault(self.facts.blocks[call.block].function, []).append(number)
        return number

    def _scope_of(self, number: int, block: Block) -> int:
        if block.kind == "class":
            return -1 - self.class_of_block.get(number, 0)
        return block.function if block.kind in ("function", "module") else self._scopes[block.parent]

    def scope(self, block: int) -> int:
        """The scope a block's names live in: a function's number, or -1 - the number of the class whose body it is."""
        return self._scopes[block]

    def outer(self, scope: int) -> int | None:
        """The scope that encloses `scope` for name look-up; class bodies are skipped, None beyond the module."""
        if scope == 0:
            return None
        parent = self.facts.classes[-1 - scope].parent_block if scope < 0 else self.facts.functions[scope].parent_block
        around = self.scope(parent)
        while around < 0:
            around = self.scope(self.facts.classes[-1 - around].parent_block)
        return around

    def class_of_receiver(self, function: int, name: str) -> int | None:
        """The class whose instance `name` is inside `function`, when it is the first parameter of a method."""
        while function > 0:
            facts = self.facts.functions[function]
            if facts.cls >= 0 and facts.parameters and facts.parameters[0].name == name:
                return facts.cls
            if (function, name) in self.parameters:
                return None
            function = self.facts.blocks[facts.parent_block].function
        return None

    def chain(self, block: int) -> Iterator[int]:
        """The block and those around it, innermost first, up to and with its function's own block."""
        blocks = self.facts.blocks
        function = blocks[block].function
        while block >= 0 and blocks[block].function == function:
            yield block
            if blocks[block].kind in ("function", "module"):
                return
            block = blocks[block].parent

    def inside(self, block: int, ancestor: int) -> bool:
        """Whether `block` is `ancestor` or lies in it."""
        blocks = self.facts.blocks
        while block > ancestor:
            block = blocks[block].parent
        return block == ancestor

    def place(self, span: Span) -> Place:
        """A span of this file as a place."""
        return Place(self.path, span)

    def function(self, number: int) -> Function:
        """The function of that number."""
        return self.facts.functions[number]

    def cls(self, number: int) -> Class:
        """The class of that number."""
        return self.facts.classes[number]


def leaf_of(expr: Expr) -> str:
    """The last name of a dotted expression, "" for anything else."""
    return expr.name if isinstance(expr, Attribute) else expr.id if isinstance(expr, Name) else ""


def calls_within(expr: Expr) -> Iterator[int]:
    """The calls whose value an expression is, directly or inside awaits, literals and comprehensions."""
    stack = [expr]
    while stack:
        here = stack.pop()
        kind = type(here).__name__
        if isinstance(here, CallRef):
            yield here.index
        elif isinstance(here, Sequence):
            stack.extend(here.items)
        elif kind in ("Await", "Spread"):
            stack.append(here.of)  # type: ignore[union-attr]  # both have `of`
        elif kind == "Choice":
            stack.extend(here.options)  # type: ignore[union-attr]  # a Choice has options
        elif kind == "Comprehension":
            stack.append(here.element)  # type: ignore[union-attr]  # a Comprehension has an element


def _holds_from(binding: Binding) -> tuple[int, int]:
    """Where a name begins to hold what it is bound to: ``q = q.filter()`` still asks the one before."""
    at = binding.span
    return (at.end_line, at.end_column) if binding.how in ("assign", "augment") else (at.line, at.column)
