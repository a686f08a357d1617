"""What a framework calls the members by which a class lists rows or shows them: names that the catalog holds."""

from __future__ import annotations

from ...nouns.acts import Act, ValueAt
from ...nouns.facts import Attribute, CallRef
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.values import ClassValue


class Parts:
    """Answers for a class of the program, by what the library classes do that it derives from."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[ClassValue, Act], dict[str, ValueAt] | None] = {}

    def of(self, cls: ClassValue, act: Act) -> dict[str, ValueAt] | None:
        """The options of the library bases that do `act`, those of the first before others; None where none does."""
        key = (cls, act)
        if key not in self._known:
            acts = self._graph.program.catalog.acts
            bases = self._graph.evaluator.members.library_bases(cls.path, cls.index)
            entries = [entry for base in bases for entry in acts.get(base) or () if act in entry.does]
            merged = {name: at for entry in reversed(entries) for name, at in entry.options.items()}
            self._known[key] = merged if entries else None
        return self._known[key]

    def name(self, cls: ClassValue, act: Act, part: str) -> str:
        """The name of one member of such a class; "" where the framework has none for it."""
        at = (self.of(cls, act) or {}).get(part)
        return at.default if at is not None and isinstance(at.default, str) else ""


def begins_above(file: FileIndex, method: int, name: str) -> bool:
    """Whether a method calls the one of that name that it stands for: ``super().name()``."""
    callees = (file.calls[index].callee for index in file.calls_in.get(method, ()))
    return any(isinstance(one, Attribute) and one.name == name and isinstance(one.of, CallRef) for one in callees)
