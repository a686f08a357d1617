"""Names through which effects leave a file: functions, clients, classes that inherit a library's calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...nouns.facts import Attribute, Name
from ..files.index import FileIndex
from ..files.values import FunctionKey, FunctionValue
from .graph import Graph
from .kinds import Told, told_in


class Homes:
    """Tells under which names other files may come to what the opened files do."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._classes: dict[str, set[str]] = {}
        self._sayings: dict[str, tuple[Told, ...]] = {}

    def find(self, functions: Iterable[FunctionKey]) -> dict[str, set[str]]:
        """Names through which effects leave a file, with the files that define them."""
        homes: dict[str, set[str]] = {}
        for path, number in functions:
            file = self._graph.program.opened.get(path)
            if file is None or number == 0:
                continue
            function = file.function(number)
            name = function.name
            if name == "__init__" and function.cls >= 0:
                name = file.cls(function.cls).name
            if not name.startswith("<"):
                homes.setdefault(name, set()).add(path)
        for path, made in self._graph.made.items():
            for name in self._names_of_clients(self._graph.program.opened[path], made):
                homes.setdefault(name, set()).add(path)
        opened = list(self._graph.program.opened.items())
        derived = [(name, path) for path, file in opened for name in self._derived(file)]
        for name, path in (*derived, *self._told({name for name, _ in derived})):
            homes.setdefault(name, set()).add(path)
        return homes

    def _told(self, derived: set[str]) -> Iterator[tuple[str, str]]:
        """Names of objects of the program's own kinds of clients; those inside a function are looked at at once."""
        kinds = derived | self._graph.program.catalog.open_ended
        for path, file in list(self._graph.program.opened.items()):
            for told in self._told_in(file):
                if told.kind in kinds:
                    self._graph.look_at(file, told.name)
                    if not told.inside:
                        yield told.name, path

    def _told_in(self, file: FileIndex) -> tuple[Told, ...]:
        known = self._sayings.get(file.path)
        if known is None:
            known = self._sayings[file.path] = told_in(file)
        return known

    def _derived(self, file: FileIndex) -> set[str]:
        """What a file makes of a library's under a name of its own: models, sessions, clients, decorators of tasks."""
        known = self._classes.get(file.path)
        if known is None:
            evaluator, catalog = self._graph.evaluator, self._graph.program.catalog
            known = self._classes[file.path] = {
                cls.name
                for index, cls in enumerate(file.facts.classes)
                if cls.bases
                and any(base in catalog.owners for base in evaluator.members.library_bases(file.path, index))
            }
            known.update(
                function.name
                for number, function in enumerate(file.facts.functions)
                if evaluator.results.wrapping.entry(FunctionValue((file.path, number)))
            )
        return known

    def _names_of_clients(self, file: FileIndex, made: set[int]) -> set[str]:
        """Names under which a client is known: a variable, an attribute, the function that gives it."""
        names: set[str] = set()
        for binding in (binding for index in made for binding in file.binds.get(index, ())):
            target = binding.target
            if isinstance(target, Attribute):
                names.add(target.name)
            elif isinstance(target, Name):
                names.add(target.id)
                names.update(self._returned(file, file.facts.blocks[binding.block].function, target))
        for jump in (jump for index in made for jump in file.gives.get(index, ())):
            names.add(file.function(file.facts.blocks[jump.block].function).name)
        return {name for name in names if not name.startswith("<")}

    @staticmethod
    def _returned(file: FileIndex, function: int, name: Name) -> set[str]:
        return {
            file.function(function).name
            for jump in file.facts.jumps
            if jump.value == name and file.facts.blocks[jump.block].function == function
        }
