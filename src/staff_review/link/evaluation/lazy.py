"""Modules that are imported when first used: by a call that names one, or behind an object that stands for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...nouns.facts import Attribute, Expr, Name
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import ClassValue, External, Literal, Values

if TYPE_CHECKING:
    from .evaluate import Evaluator

_ANY_ATTRIBUTE = "__getattr__"


class LazyModules:
    """Tells which module a call stands for."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._proxies: dict[tuple[str, int], bool] = {}

    def named(self, file: FileIndex, index: int, expr: Expr | None) -> Values:
        """The module that an argument names in full; empty when the run decides."""
        if expr is None:
            return ()
        return tuple(
            self._evaluator.symbols.module(file.path, value.value)
            for value in self._evaluator.argument(file, index, expr)
            if isinstance(value, Literal)
            and isinstance(value.value, str)
            and value.value.replace(".", "").isidentifier()
        )

    def behind(self, file: FileIndex, index: int, made: ClassValue) -> Values:
        """The module that a new object of the program's own kind of lazy import stands for; empty for any other."""
        if not self._stands_for_a_module(made):
            return ()
        return self.named(file, index, expression_at(file.calls[index], None, 0))

    def _stands_for_a_module(self, cls: ClassValue) -> bool:
        """Whether a class answers for attributes it has not, and imports the module whose name it was given."""
        key = (cls.path, cls.index)
        known = self._proxies.get(key)
        if known is None:
            self._proxies[key] = False  # it may be asked again while its own body is looked at
            file = self._evaluator.program.file(cls.path)
            known = file is not None and (cls.index, _ANY_ATTRIBUTE) in file.methods and self._imports(file, cls.index)
            self._proxies[key] = known
        return known

    def _imports(self, file: FileIndex, cls: int) -> bool:
        meanings = self._evaluator.program.catalog.meanings
        for index, call in enumerate(file.facts.calls):
            if file.function(file.facts.blocks[call.block].function).cls != cls:
                continue
            for callee in self._evaluator.callee(file, index):
                meaning = meanings.get(callee.path) if isinstance(callee, External) else None
                if meaning is not None and meaning.means == "module" and meaning.value is not None:
                    name = expression_at(call, meaning.value.argument, meaning.value.position)
                    return isinstance(name, (Name, Attribute))
        return False
