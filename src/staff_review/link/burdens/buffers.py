"""Lists that an object collects in until a thread or task of its own empties them, with nothing that refuses more."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.burdens import Fill, Holding
from ...nouns.facts import Attribute, Binary, CallRef, Choice, Comprehension, Expr, Item, Name, Sequence, Unary
from ..calls.doings import Doings
from ..calls.graph import Graph
from ..files.index import FileIndex, calls_within
from ..files.showing import shown
from ..sites import Sites

_ADDING = frozenset({"append", "appendleft", "extend"})
_TAKING = frozenset({"clear", "pop", "popleft"})
_MAKING = "__init__"


class Buffers:
    """Finds them in the classes of one file at a time."""

    def __init__(self, graph: Graph, sites: Sites, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._doings = doings

    def of(self, file: FileIndex) -> Iterator[Holding]:
        """Every one of a file, at the first place that adds to it."""
        for owner in range(len(file.facts.classes)):
            methods = {name: number for (cls, name), number in file.methods.items() if cls == owner}
            lists = self._lists(file, methods.get(_MAKING, -1))
            aside = self._reached(file, methods, self._run_aside(file, methods)) if lists else set()
            emptying = self._again_and_again(file, methods, aside)
            for name in sorted(lists):
                takers = {one for one, number in methods.items() if one != _MAKING and _takes(file, number, name)}
                if takers & emptying and not any(_weeds(file, methods[one], name) for one in takers):
                    yield from self._filled(file, methods, name, emptying, self._callers(file, methods, takers))

    @staticmethod
    def _lists(file: FileIndex, init: int) -> set[str]:
        """The attributes that begin as empty lists."""
        return {
            binding.target.name
            for binding in file.bindings_in.get(init, ())
            if isinstance(binding.target, Attribute) and binding.value == Sequence("list", ())
        }

    def _run_aside(self, file: FileIndex, methods: dict[str, int]) -> set[str]:
        """The methods that the object runs in a thread or task of its own."""
        found: set[str] = set()
        for number in methods.values():
            for index in file.calls_in.get(number, ()):
                if any(self._starts(file, index, one.path) for one in self._graph.of(file.path, index)):
                    for argument in file.calls[index].arguments:
                        called = (file.calls[one].callee for one in calls_within(argument.value))
                        found.update(_own(one) for one in (argument.value, *called))
        return found & methods.keys()

    def _starts(self, file: FileIndex, index: int, path: str) -> bool:
        policies = (one.policy for one in self._graph.of(file.path, index))
        return Act.SPAWN in self._doings.acts(path) or any(one is not None and one.kind == "spawn" for one in policies)

    def _again_and_again(self, file: FileIndex, methods: dict[str, int], aside: set[str]) -> set[str]:
        """Those methods that go round for ever, and what they call in each round; what ends things runs once."""
        loops = [n for n, block in enumerate(file.facts.blocks) if block.kind == "loop" and block.form == "while"]
        found = {one for one in aside if any(file.facts.blocks[n].function == methods[one] for n in loops)}
        calls = (file.calls[index] for one in aside for index in file.calls_in.get(methods[one], ()))
        inside = {_own(call.callee) for call in calls if any(file.inside(call.block, n) for n in loops)}
        return found | self._reached(file, methods, inside & methods.keys())

    @staticmethod
    def _reached(file: FileIndex, methods: dict[str, int], begin: set[str]) -> set[str]:
        """Those methods, and the object's own that they call."""
        found: set[str] = set()
        todo = [*begin]
        while todo:
            here = todo.pop()
            if here not in found:
                found.add(here)
                calls = (index for index in file.calls_in.get(methods[here], ()) if index not in file.forwarded)
                todo.extend({_own(file.calls[index].callee) for index in calls} & methods.keys())
        return found

    def _callers(self, file: FileIndex, methods: dict[str, int], takers: set[str]) -> set[str]:
        """The methods that empty a list, themselves or through others."""
        return {one for one in methods if self._reached(file, methods, {one}) & takers}

    def _filled(
        self, file: FileIndex, methods: dict[str, int], name: str, emptying: set[str], takers: set[str]
    ) -> Iterator[Holding]:
        for method, number in sorted(methods.items(), key=lambda item: item[1]):
            if method in emptying or method in takers or method == _MAKING or _measures(file, number, name):
                continue
            for index in file.calls_in.get(number, ()):
                callee = file.calls[index].callee
                if isinstance(callee, Attribute) and callee.name in _ADDING and _own(callee.of) == name:
                    place = file.place(file.calls[index].span)
                    function = self._sites.function((file.path, number))
                    call = shown(file, callee)
                    yield Holding("buffer", place, function, f"self.{name}", call, (Fill(place, function),))
                    return


def _own(expr: Expr) -> str:
    """The member of the object itself that an expression is, "" for all else."""
    return expr.name if isinstance(expr, Attribute) and expr.of == Name("self") else ""


def _takes(file: FileIndex, number: int, name: str) -> bool:
    """Whether a method empties a list: by a method of it, or by putting another in its place."""
    callees = (file.calls[index].callee for index in file.calls_in.get(number, ()))
    if any(isinstance(one, Attribute) and one.name in _TAKING and _own(one.of) == name for one in callees):
        return True
    targets = (one.target for one in file.bindings_in.get(number, ()))
    return any(_own(one) == name for target in targets for one in _each(target))


def _weeds(file: FileIndex, number: int, name: str) -> bool:
    """Whether a method keeps those items that are not done yet: a register of what goes on, no queue."""
    for binding in file.bindings_in.get(number, ()):
        made = binding.value if _own(binding.target) == name else None
        if isinstance(made, Comprehension):
            loops = (file.facts.blocks[one] for one in file.chain(made.block))
            return any(_own(loop.subject) == name for loop in loops if loop.kind == "loop" and loop.subject is not None)
    return False


def _each(target: Expr) -> tuple[Expr, ...]:
    """What an assignment binds, or an item or slice of what is replaced or deleted."""
    if isinstance(target, Sequence):
        return target.items
    return (target.of if isinstance(target, Item) else target,)


def _measures(file: FileIndex, number: int, name: str) -> bool:
    """Whether a method leaves, or waits, where the list is long."""
    for block in file.blocks_in.get(number, ()):
        facts = file.facts.blocks[block]
        if facts.kind not in ("branch", "loop") or not _looks_at(file, facts.subject, name):
            continue
        leaves = any(file.inside(jump.block, block) for jump in file.jumps_in.get(number, ()))
        if leaves or facts.kind == "loop" or _adds(file, number, block, name):
            return True
    return False


def _adds(file: FileIndex, number: int, block: int, name: str) -> bool:
    """Whether the list is added to inside a block only."""
    return any(
        file.inside(file.calls[index].block, block) and _own(getattr(file.calls[index].callee, "of", Name(""))) == name
        for index in file.calls_in.get(number, ())
    )


def _looks_at(file: FileIndex, expr: Expr | None, name: str) -> bool:
    """Whether a test is about the list or its length."""
    stack = [expr]
    while stack:
        here = stack.pop()
        if here is not None and _own(here) == name:
            return True
        if isinstance(here, CallRef):
            stack.extend(argument.value for argument in file.calls[here.index].arguments)
        elif isinstance(here, Binary):
            stack.extend((here.left, here.right))
        elif isinstance(here, Choice):
            stack.extend(here.options)
        elif isinstance(here, Unary):
            stack.append(here.of)
    return False
