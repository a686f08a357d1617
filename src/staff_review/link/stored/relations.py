"""Relations between stored objects: what a class declares of others, and what others declare of it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ...nouns.acts import Act, Option
from ...nouns.burdens import AS_IT_IS_READ
from ...nouns.facts import CallRef, Name
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.values import ClassValue


class Relation(NamedTuple):
    """A member of a stored class that holds, or finds, objects of another; loaded as it is read.

    `by_call`: only a method of it runs the query, as with ``order.items.all()``; then `gives` is its type. `to` is the
    name of the other class, `holder` that of the one that has the member; `back`: the other class declares it. `alone`:
    no two objects that have the member share what it holds; `loaded`: the query loads it along, so that only narrowing
    it anew asks again.
    """

    name: str
    by_call: bool
    to: str = ""
    gives: str = ""
    holder: str = ""
    back: bool = False
    alone: bool = False
    loaded: bool = False


class Relations:
    """Answers for a class of the program, from all files that are open."""

    def __init__(self, graph: Graph, doings: Doings) -> None:
        self._graph = graph
        self._doings = doings
        self._own: dict[tuple[str, int], list[Relation]] = {}
        self._back: dict[str, list[Relation]] = {}  # by the name of the class that is pointed at
        self._read: set[str] = set()
        self._named: dict[str, set[Relation]] | None = None
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

    @property
    def names(self) -> AbstractSet[str]:
        """The names of all relations."""
        return self._by_name().keys()

    def only(self, name: str) -> Relation | None:
        """The relation of that name, where all classes that have one of that name mean the same class by it."""
        named = self._by_name().get(name, set())
        return next(iter(named)) if len(named) == 1 else None

    def _by_name(self) -> dict[str, set[Relation]]:
        if self._named is None:
            for path in [*self._graph.program.opened]:
                self._take(path)
            self._named = {}
            for one in (one for many in (*self._own.values(), *self._back.values()) for one in many):
                self._named.setdefault(one.name, set()).add(one._replace(holder="", back=False))
        return self._named

    def class_of(self, relation: Relation) -> ClassValue | None:
        """The class that a relation points at, where only one that has relations itself is called so."""
        found = [home for home in self._own if self._name(home) == relation.to]
        return ClassValue(*found[0]) if len(found) == 1 else None

    def holders(self, name: str) -> frozenset[str]:
        """The names of the classes that have a relation of that name."""
        own = (self._name(home) for home, many in self._own.items() if any(one.name == name for one in many))
        back = (holder for holder, many in self._back.items() if any(one.name == name for one in many))
        return frozenset((*own, *back))

    def _name(self, home: tuple[str, int]) -> str:
        file = self._graph.program.file(home[0])
        return file.cls(home[1]).name if file is not None else ""

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
            to, here = _target(options.get("to")), file.cls(owner).name
            to = here if to == "self" else to
            gives = _manager(options)
            relation = Relation(name, by_call, to, gives if by_call else "", here, alone="alone" in options)
            self._own.setdefault((file.path, owner), []).append(relation)
            back = _back(options, here, gives)
            if back is not None:
                self._back.setdefault(to, []).append(back._replace(holder=to, back=True))


def _target(to: Option | None) -> str:
    """The name of the class that a relation points at, without its module."""
    text = next((value for value in to.values if isinstance(value, str)), to.text) if to is not None else ""
    return text.rpartition(".")[2]


def _manager(options: dict[str, Option]) -> str:
    """The type of what a relation to many gives, where rows are asked for by its methods."""
    said = options.get("manager")
    return str(said.values[0]) if said is not None and said.values else ""


def _back(options: dict[str, Option], owner: str, manager: str) -> Relation | None:
    """The member by which the other class finds this one, where it is lazy too."""
    said = options.get("back")
    if said is None or said.state == "unseen":
        return None
    alone = "alone" in options
    by_call = "one" in options and not alone
    gives = manager if by_call else ""
    if said.values:
        name = said.values[0]
        named = isinstance(name, str) and bool(name) and not str(name).endswith("+")
        return Relation(str(name), by_call, owner, gives, alone=alone) if named else None
    if said.state == "given" or "one" not in options:
        return None
    return Relation(owner.lower() if alone else f"{owner.lower()}_set", by_call, owner, gives, alone=alone)
