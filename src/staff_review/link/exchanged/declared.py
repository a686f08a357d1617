"""Consumers that are declared as a class: what the attributes of its body say of the options."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act, Option
from ...nouns.exchanges import Declared
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..sites import Sites


class DeclaredConsumers:
    """Looks at the classes that derive from a library's consumer."""

    def __init__(self, graph: Graph, sites: Sites, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._doings = doings

    def find(self) -> Iterator[Declared]:
        """Every class whose own body sets an option, in file order."""
        members = self._graph.evaluator.members
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for number, cls in enumerate(file.facts.classes):
                for base in members.library_bases(path, number):
                    own = self._own(file, number, base)
                    if own:
                        where = self._sites.function((path, 0))
                        yield Declared(file.place(cls.span), where, cls.name, self._options(path, number, base), own)
                        break

    def _options(self, path: str, number: int, base: str) -> dict[str, Option]:
        """What the class and those it derives from say, nearest first."""
        found: dict[str, Option] = {}
        for name, argument in self._doings.arguments(base).items():
            found[name] = Option("absent")
            for home, index in self._graph.evaluator.members.lineage(path, number):
                file = self._graph.program.file(home)
                said = self._attribute(file, index, argument) if file is not None else None
                if said is not None:
                    found[name] = said
                    break
        return found

    def _own(self, file: FileIndex, number: int, base: str) -> frozenset[str]:
        """The options that the body of the class itself sets."""
        if Act.CONSUMER not in self._doings.acts(base):
            return frozenset()
        arguments = self._doings.arguments(base)
        return frozenset(name for name, argument in arguments.items() if (-1 - number, argument) in file.names)

    def _attribute(self, file: FileIndex, number: int, name: str) -> Option | None:
        for definition in file.names.get((-1 - number, name), ()):
            binding = file.facts.bindings[definition.number] if definition.kind == "binding" else None
            if binding is not None and binding.value is not None:
                values = self._graph.evaluator.values(file, binding.block, binding.value)
                return self._doings.said(file, binding.value, values)
        return None
