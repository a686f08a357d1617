"""Decorators of the program that hand all they are given on to one of a library, and add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...nouns.facts import CallRef
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, External, FunctionKey, FunctionValue

if TYPE_CHECKING:
    from .evaluate import Evaluator


class Wrapped(NamedTuple):
    """The library's decorator, and the call by which the program's function gives it arguments of its own."""

    decorator: External
    call: CallKey


class Wrapping:
    """Tells which library's entry decorator a function of the program stands for."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._known: dict[FunctionKey, tuple[Wrapped, ...]] = {}

    def entry(self, decorator: FunctionValue) -> tuple[Wrapped, ...]:
        """The decorators of libraries that make an entry point, which a function returns with its own options."""
        known = self._known.get(decorator.key)
        if known is None:
            self._known[decorator.key] = ()  # it may return itself
            file = self._evaluator.program.file(decorator.key[0])
            known = self._known[decorator.key] = () if file is None else self._returned(file, decorator.key[1])
        return known

    def _returned(self, file: FileIndex, number: int) -> tuple[Wrapped, ...]:
        options = {one.name for one in file.function(number).parameters if one.kind == "options"}
        given = [jump.value for jump in file.jumps_in.get(number, ()) if jump.kind == "return"]
        if not options or len(given) != 1 or not isinstance(given[0], CallRef):
            return ()
        index = given[0].index
        passed = {leaf_of(argument.value) for argument in file.calls[index].arguments if argument.spread == "**"}
        if options.isdisjoint(passed):
            return ()
        entries = self._evaluator.program.catalog.entries
        found = self._evaluator.callee(file, index)
        return tuple(
            Wrapped(one, (file.path, index))
            for one in found
            if isinstance(one, External) and entries.get(one.path) is not None
        )
