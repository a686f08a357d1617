"""Managers: whose rows one gives, and what one that the program wrote adds to every query."""

from __future__ import annotations

from collections.abc import Callable

from ...nouns.acts import Act
from ...nouns.facts import Attribute, CallRef, Expr
from ..calls.graph import Graph
from ..calls.iterating import steps
from ..files.index import FileIndex, leaf_of
from ..files.values import ClassValue, External, Object
from .links import Link


class Managers:
    """Reads them: the library's own, and those whose every step is known."""

    def __init__(self, graph: Graph, beginning: list[str], is_step: Callable[[str], bool]) -> None:
        self._graph = graph
        self._evaluator = graph.evaluator
        self._beginning = beginning
        self._is_step = is_step

    def class_of(self, file: FileIndex, index: int, manager: Expr) -> ClassValue | None:
        """The class whose manager or query is asked, by the library's own or by one that can be read."""
        for value in self._evaluator.argument(file, index, manager):
            if isinstance(value, External) and isinstance(value.receiver, ClassValue):
                return value.receiver
            if isinstance(value, Object) and isinstance(manager, Attribute) and self._steps_of(value) is not None:
                owners = self._evaluator.argument(file, index, manager.of)
                return next((owner for owner in owners if isinstance(owner, ClassValue)), None)
        return None

    def adds(self, file: FileIndex, index: int) -> list[Link]:
        """What the manager of the program that a query begins with adds to it."""
        callee = file.calls[index].callee
        values = self._evaluator.argument(file, index, callee.of) if isinstance(callee, Attribute) else ()
        return [step for value in values if isinstance(value, Object) for step in self._steps_of(value) or ()]

    def _steps_of(self, manager: Object) -> list[Link] | None:
        """The calls by which a manager builds on the query of its parent; None where it may do anything else."""
        found: list[Link] = []
        for path, index in self._evaluator.members.lineage(manager.path, manager.index):
            file = self._graph.program.file(path)
            if file is None:
                return None
            begun = (file.methods.get((index, name)) for name in self._beginning)
            jumps = [jump for method in begun if method is not None for jump in file.jumps_in.get(method, ())]
            for jump in jumps:
                if not isinstance(jump.value, CallRef):
                    return None
                for call in steps(file, jump.value.index):
                    known = [one.path for one in self._graph.of(path, call) if one.path and self._is_step(one.path)]
                    plain = leaf_of(file.calls[call].callee) in (*self._beginning, "super")
                    if not (known or plain or self._makes_query(file, call)):
                        return None
                    found.extend(Link(step, file, call) for step in known)
        return found

    def _makes_query(self, file: FileIndex, index: int) -> bool:
        """Whether a call makes an object of a class of the program that is a query: ``OrderQuerySet(self.model)``."""
        made = [one for one in self._evaluator.callee(file, index) if isinstance(one, ClassValue)]
        bases = (base for one in made for base in self._evaluator.members.library_bases(one.path, one.index))
        return any(Act.ALL_ROWS in self._graph.program.catalog.does(f"{base}.__iter__") for base in bases)
