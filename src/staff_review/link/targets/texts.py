"""What a text can be when it is put together at run time: literals, settings by name, and holes, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...nouns.facts import (
    Attribute,
    Await,
    Binary,
    CallRef,
    Choice,
    Comprehension,
    Const,
    Expr,
    Item,
    Mapping,
    Name,
    Sequence,
    Text,
)
from ...nouns.targets import Hole, Template, Variable
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.definitions import Definition
from ..files.index import FileIndex, leaf_of
from ..files.names import reaching
from ..files.showing import shown
from ..files.values import CallKey, External, FunctionKey, Written
from .called import Called
from .calling import Calling
from .joining import UNSAID, chosen, joined, with_percent
from .tables import tables_of

_DEEP = 24
_MOST = 16


class Texts:
    """Evaluates expressions to templates, on demand; a cycle or too deep a chain is a hole."""

    def __init__(self, graph: Graph, calling: Calling) -> None:
        self._graph = graph
        self.calling = calling
        self.evaluator = graph.evaluator
        self.program = graph.program
        self._depth = 0
        self.busy: set[tuple[str, str, int]] = set()
        self.frames: dict[FunctionKey, CallKey] = {}
        self.called = Called(self)

    def argument(self, file: FileIndex, index: int, expr: Expr) -> tuple[Template, ...]:
        """What an argument of the call of that index can be."""
        call = file.calls[index]
        return self.of(file, call.block, expr, call.span.line, call.span.column)

    def by_caller(self, file: FileIndex, index: int, expr: Expr) -> tuple[Template, ...]:
        """What an argument can be, each with all its parts from one and the same caller of the function around it."""
        found = self.argument(file, index, expr)
        key = (file.path, file.facts.blocks[file.calls[index].block].function)
        callers = self.calling.callers(key) if len(found) > 1 and key not in self.frames else []
        if len(callers) < 2:
            return found
        told: list[Template] = []
        for caller in callers:
            with self.called_from(key, caller):
                told += self.argument(file, index, expr)
        return tuple(dict.fromkeys(told))

    @contextmanager
    def called_from(self, function: FunctionKey, call: CallKey | None) -> Iterator[None]:
        """While it lasts, the parameters of a function are what one call passes; None changes nothing."""
        before = self.frames.get(function)
        if call is not None:
            self.frames[function] = call
        try:
            yield
        finally:
            if before is not None:
                self.frames[function] = before
            elif call is not None:
                self.frames.pop(function, None)

    def of(self, file: FileIndex, block: int, expr: Expr, line: int = 1 << 30, column: int = 0) -> tuple[Template, ...]:
        """What an expression can be; never empty, a hole where nothing is known."""
        if self._depth > _DEEP:
            return UNSAID
        self._depth += 1
        try:
            found = self._of(file, block, expr, line, column)
        finally:
            self._depth -= 1
        return tuple(dict.fromkeys(found))[:_MOST] or (Template((Hole(shown(file, expr)),)),)

    def _of(self, file: FileIndex, block: int, expr: Expr, line: int, column: int) -> list[Template]:
        if isinstance(expr, Const):
            return [Template((str(expr.value),))] if expr.value is not None and not isinstance(expr.value, bool) else []
        if isinstance(expr, Text):
            return joined([self.of(file, block, part, line, column) for part in expr.parts])
        if isinstance(expr, Binary):
            return self._binary(file, block, expr, line, column)
        if isinstance(expr, Choice):
            return chosen(
                [self.of(file, block, option, line, column) for option in expr.options], first_true=expr.test is None
            )
        if isinstance(expr, Await):
            return list(self.of(file, block, expr.of, line, column))
        if isinstance(expr, CallRef):
            return self.called.of(file, expr.index)
        if isinstance(expr, Name):
            return self._name(file, block, expr.id, line, column)
        if isinstance(expr, Attribute):
            return self._attribute(file, block, expr, line, column)
        if isinstance(expr, Item):
            return self.item(file, block, expr, line, column)
        if isinstance(expr, Sequence):
            return [one for item in expr.items[:_MOST] for one in self.of(file, block, item, line, column)]
        if isinstance(expr, Comprehension):
            return list(self.of(file, expr.block, expr.element))
        return []

    def _binary(self, file: FileIndex, block: int, expr: Binary, line: int, column: int) -> list[Template]:
        left = self.of(file, block, expr.left, line, column)
        if expr.op == "%":
            arguments = expr.right.items if isinstance(expr.right, Sequence) else (expr.right,)
            values = [self.of(file, block, one, line, column) for one in arguments]
            return [one for text in left for one in with_percent(text, values)]
        right = self.of(file, block, expr.right, line, column)
        if expr.op == "+":
            return joined([left, right])
        if expr.op == "/":
            return joined([left, (Template(("/",)),), right])
        return []

    def _name(self, file: FileIndex, block: int, name: str, line: int, column: int) -> list[Template]:
        found = self.evaluator.symbols.definitions(file, block, name)
        if found is None:
            return self._starred(file, name)
        scope, definitions = found
        covered = False
        picked = definitions
        if scope == file.scope(block):
            picked, covered, _ = reaching(file, definitions, block, line, column)
        values = [one for definition in picked[-_MOST:] for one in self._defined(file, definition)]
        if (scope, name) in file.parameters and not covered:
            values += self._parameter(file, scope, name)
        return values

    def _starred(self, file: FileIndex, name: str) -> list[Template]:
        for number in file.stars:
            imported = file.facts.imports[number]
            path = (
                self.program.modules.relative(file.path, imported.level, imported.module)
                if imported.level
                else self.program.modules.file(imported.module, file.path)
            )
            found = self.of_member(path, name) if path is not None else []
            if found:
                return found
        return []

    def _defined(self, file: FileIndex, definition: Definition) -> list[Template]:
        if definition.kind == "binding":
            return self._binding(file, definition.number)
        if definition.kind == "import":
            imported = file.facts.imports[definition.number]
            if imported.name is None:
                return []
            modules = self.program.modules
            path = (
                modules.relative(file.path, imported.level, imported.module)
                if imported.level
                else modules.file(imported.module, file.path)
            )
            return self.of_member(path, imported.name) if path is not None else []
        return []

    def of_member(self, path: str, name: str) -> list[Template]:
        """What a module-level name of a file can be."""
        file = self.program.file(path)
        if file is None or ("member", path + name, 0) in self.busy:
            return []
        self.busy.add(("member", path + name, 0))
        try:
            found = [one for each in file.names.get((0, name), ())[-_MOST:] for one in self._defined(file, each)]
            return found or self._starred(file, name)
        finally:
            self.busy.discard(("member", path + name, 0))

    def _binding(self, file: FileIndex, number: int) -> list[Template]:
        mark = ("binding", file.path, number)
        binding = file.facts.bindings[number]
        if binding.value is None or mark in self.busy or binding.how in ("delete", "enter"):
            return []
        self.busy.add(mark)
        try:
            at = binding.span
            block = file.facts.blocks[binding.block].parent if binding.how == "element" else binding.block
            if isinstance(binding.target, Sequence):
                return []
            if isinstance(binding.value, Mapping):
                return []
            return list(self.of(file, block, binding.value, at.line, at.column))
        finally:
            self.busy.discard(mark)

    def _parameter(self, file: FileIndex, function: int, name: str) -> list[Template]:
        """What callers pass: the one that is being looked through, or each that is known; then the default."""
        key = (file.path, function)
        facts = file.function(function)
        frame = self.frames.get(key)
        callers = [frame] if frame is not None else self.calling.callers(key)[:_MOST]
        found: list[Template] = []
        mark = ("parameter", f"{file.path}:{name}", function)
        if mark in self.busy:
            return []
        self.busy.add(mark)
        try:
            for path, index in callers:
                caller = self.program.file(path)
                expr = None if caller is None else passed_for_parameter(caller.calls[index], facts, name)
                if caller is not None:
                    found += self.argument(caller, index, expr) if expr else self._handed_on(caller, index, name)
        finally:
            self.busy.discard(mark)
        default = facts.parameters[file.parameters[(function, name)]].default
        if default is not None and not [one for one in found if one.said]:
            found += self.of(file, facts.parent_block, default)
        return found

    def _handed_on(self, file: FileIndex, index: int, name: str) -> list[Template]:
        """What the callers of a function pass by a name that it only hands on: ``self.route("get", **options)``."""
        call = file.calls[index]
        number = file.facts.blocks[call.block].function
        options = {one.name for one in file.function(number).parameters if one.kind == "options"}
        spread = (one.value for one in call.arguments if one.spread == "**")
        if not any(isinstance(value, Name) and value.id in options for value in spread):
            return []
        found: list[Template] = []
        for path, other in self.calling.callers((file.path, number))[:_MOST]:
            caller = self.program.file(path)
            said = caller.calls[other].arguments if caller is not None else ()
            for argument in said:
                if caller is not None and argument.name == name:
                    found += self.argument(caller, other, argument.value)
        return found

    def _attribute(self, file: FileIndex, block: int, expr: Attribute, line: int, column: int) -> list[Template]:
        owners = self.evaluator.values(file, block, expr.of, line, column)
        found = [one for owner in owners for one in self.calling.settings.member(self, owner, expr.name)]
        return found or self.calling.settings.named(self, file.path, expr.name)

    def of_class(self, path: str, index: int, name: str) -> list[Template]:
        """What an attribute of a class, or of its objects, is given anywhere in its lineage."""
        for base_path, base in self.evaluator.members.lineage(path, index):
            file = self.program.file(base_path)
            if file is None:
                continue
            numbers = [
                *(d.number for d in file.names.get((-1 - base, name), ()) if d.kind == "binding"),
                *file.attributes.get((base, name), ()),
            ]
            found = [one for number in numbers for one in self._binding(file, number)]
            if found:
                return found
            method = file.methods.get((base, name))
            if method is not None:
                return self.called.returned((base_path, method))
        return []

    def item(self, file: FileIndex, block: int, expr: Item, line: int, column: int) -> list[Template]:
        """``of[key]`` of a literal mapping, the environment, or a mapping of settings."""
        keys = [one.parts[0] for one in self.of(file, block, expr.key, line, column) if len(one.parts) == 1]
        owners = self.evaluator.values(file, block, expr.of, line, column)
        found: list[Template] = []
        for owner in owners:
            if isinstance(owner, Written):
                found += self.of_written(owner, [key for key in keys if isinstance(key, str)])
            elif isinstance(owner, External) and owner.path.endswith("environ"):
                found += [Template((Variable(key),)) for key in keys if isinstance(key, str)]
        said = next((key for key in keys if isinstance(key, str)), "")
        if not found and said:
            tables = tables_of(self.evaluator, file, block, expr.of)
            found = [one for table in tables for one in self.of_written(table, [said])]
        return found or (self.calling.settings.item(self, file, leaf_of(expr.of), said) if said else [])

    def of_written(self, owner: Written, keys: list[str]) -> list[Template]:
        """Values of a literal mapping: under the keys, all of them where no key is known."""
        file = self.program.file(owner.path)
        expr = owner.expr
        if file is None or not isinstance(expr, Mapping):
            return []
        chosen = [value for key, value in expr.items if not keys or (isinstance(key, Const) and key.value in keys)]
        return [one for value in chosen[:_MOST] for one in self.of(file, owner.block, value)]
