"""Relations between stored objects: what a class declares of others, and what others declare of it."""

from __future__ import annotations

from typing import NamedTuple

from ..acts import Act, Option
from ..burdens import AS_IT_IS_READ
from ..facts import CallRef, Name
from .doings import Doings
from .graph import Graph
from .index import FileIndex
from .values import ClassValue


class Relation(NamedTuple):
    """A member of a stored class that holds, or finds, objects of another; loaded as it is read.

    `by_call`: only a method of it runs the query, as with ``order.items.all()``.
    """

    name: str
    by_call: bool


class Relations:
    """Answers for a class of the program, from all files that are open."""

    def __init__(self, graph: Graph, doings: Doings) -> None:
        self._graph = graph
        self._doings = doings
        self._own: dict[tuple[str, int], list[Relation]] = {}
        self._back: dict[str, list[Relation]] = {}  # by the name of the class that is pointed at
        self._read: set[str] = set()
        names = [path for path in graph.program.catalog.acts.exact() if Act.RELATE in doings.acts(path)]
        self._leaves = frozenset(path.rpartition(".")[2] for path in names)

    def of(self, cls: ClassValue) -> dict[str, Relation]:
        """The relations of a class, its bases and those that point back at it, by name."""
        lineage = self._graph.evaluator.members.lineage(cls.path, cls.index)
        for path in [*self._graph.program.opened, *(path for path, _ in lineage)]:
            self._take(path)
        found: dict[str, Relation] = {}
        for path, index in lineage:
            file = self._graph.program.file(path)
            if file is not None:
                both = (*self._own.get((path, index), ()), *self._back.get(file.cls(index).name, ()))
                found.update((one.name, one) for one in both)
        return found

    def _take(self, path: str) -> None:
        file = self._graph.program.file(path)
        if file is None or path in self._read:
            return
        self._read.add(path)
        for leaf in self._leaves & file.by_leaf.keys():
            for index in file.by_leaf[leaf]:
                owner = file.class_of_block.get(file.calls[index].block)
                if owner is not None:
                    self._declared(file, index, owner)

    def _declared(self, file: FileIndex, index: int, owner: int) -> None:
        name = next(
            (
                binding.target.id
                for binding in file.facts.bindings
                if binding.value == CallRef(index) and isinstance(binding.target, Name)
            ),
            "",
        )
        for one in self._graph.of(file.path, index):
            if not name or Act.RELATE not in self._doings.acts(one.path):
                continue
            options = self._doings.options(file, index, one)
            loading = options.get("loading")
            if loading is not None and not (loading.values and AS_IT_IS_READ.issuperset(loading.values)):
                continue
            by_call = options["one"].values == (False,) if "one" in options else False
            self._own.setdefault((file.path, owner), []).append(Relation(name, by_call))
            back = _back(options, file.cls(owner).name)
            if back is not None:
                self._back.setdefault(_target(options.get("to")), []).append(back)


def _target(to: Option | None) -> str:
    """The name of the class that a relation points at, without its module."""
    text = next((value for value in to.values if isinstance(value, str)), to.text) if to is not None else ""
    return text.rpartition(".")[2]


def _back(options: dict[str, Option], owner: str) -> Relation | None:
    """The member by which the other class finds this one, where it is lazy too."""
    said = options.get("back")
    if said is None or said.state == "unseen":
        return None
    if said.values:
        name = said.values[0]
        return Relation(name, "one" in options) if isinstance(name, str) and name and not name.endswith("+") else None
    if said.state == "given" or "one" not in options:
        return None
    return Relation(f"{owner.lower()}_set", by_call=True)
