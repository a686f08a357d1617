"""What calls do, in acts, and what they say of the options that rules ask for."""

from __future__ import annotations

import msgspec

from ...nouns.acts import Act, Acting, Constant, Option, ValueAt
from ...nouns.facts import Attribute, Const, Expr, Item, Mapping, Name, Text
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at, has_spread
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, Given, Instance, Literal, Object, Value, Values, Written
from ..knowledge.versions import Versions
from .graph import Graph, Resolved

_LONG = 80
"""Characters of an expression that are shown."""


class Doings:
    """Answers for one call, by what the catalog says of the names that it resolves to."""

    def __init__(self, graph: Graph, versions: Versions) -> None:
        self._graph = graph
        self._evaluator: Evaluator = graph.evaluator
        self._versions = versions

    def acts(self, path: str) -> frozenset[Act]:
        """What a call of that canonical path does."""
        return self._graph.program.catalog.does(path)

    def arguments(self, path: str) -> dict[str, str]:
        """The arguments that say the options of a call of that path, by option."""
        entries = self._graph.program.catalog.acts.get(path) or ()
        return {
            name: spec.argument
            for entry in entries
            for name, spec in entry.options.items()
            if spec.argument is not None
        }

    def known(self, path: str) -> bool:
        """Whether any rule may ask for calls of that path."""
        return self._graph.program.catalog.acts.get(path) is not None

    def options(self, file: FileIndex, index: int, one: Resolved) -> dict[str, Option]:
        """What call `index` says of every option that its acts have."""
        entries: tuple[Acting, ...] = self._graph.program.catalog.acts.get(one.path) or ()
        return {name: self._option(file, index, spec, one) for entry in entries for name, spec in entry.options.items()}

    def of_maker(self, receiver: Value | None) -> dict[str, Option]:
        """What the making of a receiver says of its options."""
        made: CallKey | None = receiver.made if isinstance(receiver, (Instance, Object)) else None
        file = self._graph.program.file(made[0]) if made is not None else None
        if made is None or file is None:
            return {}
        for one in self._graph.of(*made):
            if one.path and self.known(one.path):
                return self.options(file, made[1], one)
        return {}

    def _option(self, file: FileIndex, index: int, spec: ValueAt, one: Resolved) -> Option:
        call = file.calls[index]
        names = [name for name in (spec.argument, *spec.also) if name is not None]
        for number, name in enumerate(names or [""]):
            found = expression_at(call, name or None, spec.position if number == 0 else None)
            home, at = file, index
            if found is None and one.partial is not None and (bound := self._graph.program.file(one.partial[0])):
                home, at = bound, one.partial[1]
                found = expression_at(bound.calls[at], name or None, None)
            if found is not None:
                return self._in_mapping(home, at, found, spec, one) if spec.keys else self._said(home, at, found)
        spread = self._in_spread(file, index, names, spec, one)
        if spread is None and not one.certain and self._says_more(file, index, one):
            return Option("unseen")
        return spread if spread is not None else self._default(file, spec, one)

    def _says_more(self, file: FileIndex, index: int, one: Resolved) -> bool:
        """Whether a call on what is only called like a client has arguments of its own: it may be a class of ours."""
        entries: tuple[Acting, ...] = self._graph.program.catalog.acts.get(one.path) or ()
        specs = [spec for entry in entries for spec in entry.options.values()]
        known = {name for spec in specs for name in (spec.argument, *spec.also)}
        return any(one.name is not None and one.name not in known for one in file.calls[index].arguments)

    def _default(self, file: FileIndex, spec: ValueAt, one: Resolved) -> Option:
        if isinstance(spec.default, msgspec.UnsetType):
            return Option("absent")
        if not isinstance(spec.default, tuple):
            return Option("absent", (spec.default,))
        package = self._graph.program.catalog.package_of(one.path)
        value, certain = self._versions.value(spec.default, package or "", file.path)
        return Option("absent", (value,), certain=certain)

    def _said(self, file: FileIndex, index: int, expr: Expr) -> Option:
        return self.said(file, expr, self._evaluator.argument(file, index, expr))

    @staticmethod
    def said(file: FileIndex, expr: Expr, values: Values) -> Option:
        """What an expression that is one of these values says of an option."""
        text = shown(file, expr)[:_LONG]
        if all(isinstance(value, Literal) for value in values):
            constants: tuple[Constant, ...] = tuple(value.value for value in values if isinstance(value, Literal))
            certain = not any(isinstance(value, Literal) and value.setting for value in values)
            return Option("given", constants, text or repr(constants[0]), certain=certain)
        mixed = any(isinstance(value, Written) and _is_mixed(value.expr) for value in values)
        handed = any(isinstance(value, Given) for value in values)
        return Option("unseen" if handed and not mixed else "given", (), text, mixed=mixed)

    def _in_mapping(self, file: FileIndex, index: int, expr: Expr, spec: ValueAt, one: Resolved) -> Option:
        """The value below the first of `keys` in a mapping that is written out somewhere, or set in it afterwards."""
        later = self._set_later(file, index, expr, spec)
        if later is not None:
            return later
        for value in self._evaluator.argument(file, index, expr):
            home = self._graph.program.file(value.path) if isinstance(value, Written) else None
            if home is None or not isinstance(value, Written) or not isinstance(value.expr, Mapping):
                return Option("unseen")
            spread = False
            for key, item in value.expr.items:
                spread = spread or key is None
                if isinstance(key, Const) and key.value in spec.keys:
                    values = self._evaluator.values(home, value.block, item)
                    return self.said(home, item, values)
            return Option("unseen") if spread else self._default(file, spec, one)
        return Option("unseen")

    def _set_later(self, file: FileIndex, index: int, expr: Expr, spec: ValueAt) -> Option | None:
        """What ``conf[key] = …`` sets before the call, unseen after ``conf.update(…)``; None without either."""
        if not isinstance(expr, Name):
            return None
        function = file.facts.blocks[file.calls[index].block].function
        before = file.calls[index].span
        for number in reversed(file.items.get((function, expr.id), ())):
            binding = file.facts.bindings[number]
            key = binding.target.key if isinstance(binding.target, Item) else None
            if (
                isinstance(key, Const)
                and key.value in spec.keys
                and binding.value is not None
                and binding.span < before
            ):
                values = self._evaluator.values(file, binding.block, binding.value)
                return self.said(file, binding.value, values)
        changed = any(
            file.calls[other].callee == Attribute(expr, "update") and file.calls[other].span < before
            for other in file.calls_in.get(function, ())
        )
        return Option("unseen") if changed else None

    def _in_spread(self, file: FileIndex, index: int, names: list[str], spec: ValueAt, one: Resolved) -> Option | None:
        """What a mapping spread into the call says; None when nothing is spread."""
        if not has_spread(file.calls[index]):
            return None
        for argument in file.calls[index].arguments:
            if argument.spread != "**":
                continue
            keys = msgspec.structs.replace(spec, keys=(*spec.keys, *names))
            found = self._in_mapping(file, index, argument.value, keys, one)
            if found.state == "given":
                return found
        return Option("unseen")


def _is_mixed(expr: Expr) -> bool:
    """Whether a text is put together with something that is not constant."""
    return isinstance(expr, Text) or type(expr).__name__ == "Binary"
