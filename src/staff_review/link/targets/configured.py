"""Settings that code keeps under a name: settings classes, configuration mappings, modules of constants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...nouns.facts import CallRef, Const, Expr, Item, Mapping
from ...nouns.targets import Template, Variable
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.values import ClassValue, External, Given, Module, Object, Value, Values

if TYPE_CHECKING:
    from .texts import Texts

_SETTINGS_BASE = re.compile(r"(?:^|\.)(?:Base|Env|Environment)?Settings(?:Base)?$|\.Config$|environ\.\w*[Cc]onfig")
_CONFIGURES = re.compile(
    r"settings?|config(?:uration)?s?|conf|constants?|env(?:ironment)?|const|base|local|production|development|urls|endpoints"
)
_FOR_TESTS = re.compile(r"(?:.*_)?test(?:s|ing)?(?:_.*)?")
_KEEPER = re.compile(r"(?i)conf|setting|environ|option|param")
_NAMES = ("env", "alias", "validation_alias", "env_name", "var")
_MOST = 40
_NESTED = 2
"""Settings whose value is another setting, and that one's too, are followed so far."""


class Configured:
    """Looks a setting up by the name that code keeps it under."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._evaluator = graph.evaluator
        self._program = graph.program
        self._put: dict[str, dict[str, list[tuple[Expr, int]]]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._made: dict[tuple[str, int, str], list[Template]] = {}
        self._items: dict[tuple[str, str, int], list[Template]] = {}
        self._nested = 0
        self._looked: set[str] = set()
        self._paths: list[str] | None = None

    def member(self, texts: Texts, owner: Value, name: str) -> list[Template]:
        """Attribute `name` of an object, class, module or a framework's own settings."""
        if isinstance(owner, Module):
            return texts.of_member(owner.path, name)
        if isinstance(owner, (Object, ClassValue)):
            return self._of_class(texts, owner.path, owner.index, name)
        if isinstance(owner, Given):
            texts.calling.callers(owner.function)
            typed = self._evaluator.results.passed_types(owner) or self._usual(owner)
            return [
                one
                for value in typed
                for one in self.member(texts, value, name)
                if isinstance(value, (Object, ClassValue))
            ]
        if isinstance(owner, External) and owner.path.endswith(".settings"):
            return self.named(texts, "", name)
        return []

    def _usual(self, owner: Given) -> Values:
        """What a parameter is when nobody passes anything for it."""
        file = self._program.file(owner.function[0])
        function = file.function(owner.function[1]) if file is not None else None
        if file is None or function is None:
            return ()
        default = next((one.default for one in function.parameters if one.name == owner.name), None)
        return self._evaluator.values(file, function.parent_block, default) if default is not None else ()

    def _of_class(self, texts: Texts, path: str, index: int, name: str) -> list[Template]:
        """A field of a class; of a settings class it is the environment variable of that name first."""
        found = texts.of_class(path, index, name) or self._made_with(texts, path, index, name)
        bases = self._evaluator.members.library_bases(path, index)
        if not any(_SETTINGS_BASE.search(base) for base in bases) or any(_is_variable(one) for one in found):
            return found
        file = self._program.file(path)
        variable = self._declared(file, index, name) if file is not None else ""
        prefix = self._prefix(file, index) if file is not None and not variable else ""
        default = next((one for one in found if one.said), None)
        return [Template((Variable(variable or f"{prefix}{name}".upper(), default),))]

    def _made_with(self, texts: Texts, path: str, index: int, name: str) -> list[Template]:
        """A field without a value of its own: what the makers of the object pass; nothing in a ring of them."""
        known = self._made.get((path, index, name))
        if known is None:
            self._made[(path, index, name)] = []
            known = self._made[(path, index, name)] = self._passed(texts, path, index, name)
        return known

    def _passed(self, texts: Texts, path: str, index: int, name: str) -> list[Template]:
        file = self._program.file(path)
        if file is None or not file.names.get((-1 - index, name)):
            return []
        cls = file.cls(index).name
        fields = [known for scope, known in file.names if scope == -1 - index]
        found: list[Template] = []
        for near in list(self._program.opened.values()):
            for number in near.by_leaf.get(cls, ())[:_MOST]:
                expr = expression_at(near.calls[number], name, fields.index(name))
                if expr is not None:
                    found += [one for one in texts.argument(near, number, expr) if one.said]
        return found

    def _declared(self, file: FileIndex, index: int, name: str) -> str:
        """The variable that a field names itself: ``Field(alias="X")``."""
        for definition in file.names.get((-1 - index, name), ()):
            value = file.facts.bindings[definition.number].value if definition.kind == "binding" else None
            if isinstance(value, CallRef):
                for argument in file.calls[value.index].arguments:
                    if (
                        argument.name in _NAMES
                        and isinstance(argument.value, Const)
                        and isinstance(argument.value.value, str)
                    ):
                        return argument.value.value
        return ""

    def _prefix(self, file: FileIndex, index: int) -> str:
        """``env_prefix`` of a settings class, in its inner ``Config`` or its configuration call."""
        for definition in file.names.get((-1 - index, "model_config"), ()):
            value = file.facts.bindings[definition.number].value if definition.kind == "binding" else None
            if isinstance(value, CallRef):
                said = expression_at(file.calls[value.index], "env_prefix", None)
                if isinstance(said, Const) and isinstance(said.value, str):
                    return said.value
        for number, inner in enumerate(file.facts.classes):
            if inner.name == "Config" and file.scope(inner.parent_block) == -1 - index:
                for definition in file.names.get((-1 - number, "env_prefix"), ()):
                    value = file.facts.bindings[definition.number].value if definition.kind == "binding" else None
                    if isinstance(value, Const) and isinstance(value.value, str):
                        return value.value
        return ""

    def named(self, texts: Texts, path: str, name: str) -> list[Template]:
        """A name in capitals, or of a settings class, wherever the configuration near a file keeps it."""
        if not (name.isupper() and len(name) > 3):
            return []
        for file in self._near(path, name):
            found = [one for one in texts.of_member(file.path, name) if one.said]
            if found:
                return found
            for number in range(len(file.facts.classes)):
                if (-1 - number, name) in file.names:
                    found = [one for one in self._of_class(texts, file.path, number, name) if one.said]
                    if found:
                        return found
        return []

    def item(self, texts: Texts, file: FileIndex, keeper: str, key: str) -> list[Template]:
        """``app.config["KEY"]``: what is put there under that key, in this file first, then near it."""
        if not _KEEPER.search(keeper) or self._nested > _NESTED:
            return []
        asked = (file.path, key, self._nested)
        if asked not in self._items:
            self._nested += 1
            self._items[asked] = self._put_under(texts, file, key)
            self._nested -= 1
        return self._items[asked]

    def _put_under(self, texts: Texts, file: FileIndex, key: str) -> list[Template]:
        for near in (file, *self._near(file.path, key)):
            put = self._put_in(near).get(key, ())[:_MOST]
            found = [one for expr, block in put for one in texts.of(near, block, expr) if one.said]
            if found:
                return found
        return self.named(texts, file.path, key)

    def _put_in(self, file: FileIndex) -> dict[str, list[tuple[Expr, int]]]:
        """What a file puts into mappings, by key, with the block where its names mean something."""
        known = self._put.get(file.path)
        if known is None:
            known = self._put[file.path] = {}
            for key, value, block in _puts(file):
                known.setdefault(key, []).append((value, block))
        return known

    def _names_in(self, file: FileIndex) -> frozenset[str]:
        known = self._names.get(file.path)
        if known is None:
            known = self._names[file.path] = frozenset({name for _, name in file.names}) | self._put_in(file).keys()
        return known

    def _near(self, path: str, name: str) -> list[FileIndex]:
        """Files that hold the name, the nearest first: opened ones, and those called like configuration."""
        fresh = [one for one in self._configuring() if one not in self._program.opened]
        if fresh and name not in self._looked:
            self._looked.add(name)
            for one in self._program.shelf.naming(frozenset({name}), fresh):
                self._program.file(one)
        top = path.rpartition("/")[0]
        holding = [
            file
            for file in self._program.opened.values()
            if name in self._names_in(file)
            and not _FOR_TESTS.fullmatch(file.path.rpartition("/")[2].rpartition(".")[0])
        ]
        return sorted(holding, key=lambda file: (-_shared(file.path, top), file.path))[:_MOST]

    def _configuring(self) -> list[str]:
        if self._paths is None:
            self._paths = [
                one
                for one in self._program.shelf.paths()
                if not _FOR_TESTS.fullmatch(one.rpartition("/")[2].rpartition(".")[0])
                and (
                    _CONFIGURES.fullmatch(one.rpartition("/")[2].rpartition(".")[0])
                    or _CONFIGURES.fullmatch(one.rpartition("/")[0].rpartition("/")[2])
                )
            ]
        return self._paths


def _puts(file: FileIndex) -> Iterator[tuple[str, Expr, int]]:
    """Every value put under a literal key: assigned, in a mapping literal, given to ``update`` and its like."""
    for binding in file.facts.bindings:
        target, value = binding.target, binding.value
        if isinstance(target, Item) and value is not None and _KEEPER.search(leaf_of(target.of)):
            yield from ((key, value, binding.block) for key in _text(target.key))
        yield from ((key, inner, binding.block) for key, inner in _entries(value))
    for call in file.calls:
        if leaf_of(call.callee) in ("update", "from_mapping", "setdefault"):
            for argument in call.arguments:
                if argument.name is not None:
                    yield argument.name, argument.value, call.block
                yield from ((key, inner, call.block) for key, inner in _entries(argument.value))


def _entries(mapping: Expr | None) -> Iterator[tuple[str, Expr]]:
    if isinstance(mapping, Mapping):
        for name, inner in mapping.items:
            yield from ((key, inner) for key in _text(name))


def _text(expr: Expr | None) -> tuple[str, ...]:
    return (expr.value,) if isinstance(expr, Const) and isinstance(expr.value, str) else ()


def _is_variable(template: Template) -> bool:
    return any(isinstance(part, Variable) for part in template.parts)


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
