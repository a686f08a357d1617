"""Calls that a function does not make each time it runs, so that its callers do not do what they do."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Binary, Block, Const, Expr, Item, Name, Unary
from ...nouns.libraries import REMOTE, Effect
from ..files.branches import branches_of
from ..files.index import FileIndex
from ..files.values import FunctionKey
from .graph import Graph

_NOT_AFTER_A_FAILURE: frozenset[Effect | Act] = REMOTE | frozenset(Act)
"""What a function that does it only after a failure is not said to do."""
_ANNOUNCING: frozenset[Effect | Act] = frozenset({Act.PUBLISH, Act.ENQUEUE, Act.BROADCAST})


class Seldom:
    """Tells which effects and acts of a call stay with its function; what was found is remembered per function."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._waiting_sides: dict[FunctionKey, dict[int, int]] = {}

    def withheld(self, file: FileIndex, index: int, marks: frozenset[Effect | Act]) -> frozenset[Effect | Act]:
        """What of `marks` a call does after a failure only, once for the whole program, or instead of waiting."""
        if _fills_for_all(file, index) or (marks & _ANNOUNCING and self._instead_of_waiting(file, index)):
            return marks
        return marks & _NOT_AFTER_A_FAILURE if self._graph.in_handler(file, index) else frozenset()

    def is_kept(self, key: FunctionKey) -> bool:
        """Whether a function runs once for the whole program: it takes nothing, and a decorator keeps what it gives."""
        file = self._graph.program.file(key[0])
        if file is None or file.function(key[1]).parameters or not file.function(key[1]).decorators:
            return False
        return self._graph.evaluator.results.decorated_as(file, key[1], "cached")

    def _instead_of_waiting(self, file: FileIndex, index: int) -> bool:
        """Whether the other side of a choice leaves the same to the commit: ``if in_transaction: on_commit(send)``."""
        function = file.facts.blocks[file.calls[index].block].function
        key = (file.path, function)
        sides = self._waiting_sides.get(key)
        if sides is None:
            sides = self._waiting_sides[key] = {
                branch.choice: branch.side
                for other in file.calls_in.get(function, ())
                if self._waits_for_commit(file, other)
                for branch in branches_of(file, file.calls[other].block)
            }
        around = branches_of(file, file.calls[index].block)
        return any(sides.get(one.choice, one.side) != one.side for one in around)

    def _waits_for_commit(self, file: FileIndex, index: int) -> bool:
        acts = self._graph.program.catalog.acts
        return any(
            Act.AFTER_COMMIT in entry.does
            for one in self._graph.of(file.path, index)
            if one.path
            for entry in acts.get(one.path) or ()
        )


def fills_once(file: FileIndex, block: int) -> Iterator[tuple[int, Expr]]:
    """The branches around a block that fill what they found empty (``if x is None: x = …``), with what each fills.

    One entry of a mapping is filled like that too, and then found: ``if key not in known: known[key] = …``.
    """
    for number in file.chain(block):
        here = file.facts.blocks[number]
        tested = _emptiness(here)
        if tested is not None and any(
            binding.target == tested and file.inside(binding.block, number)
            for binding in file.bindings_in.get(here.function, ())
        ):
            yield number, tested


def _fills_for_all(file: FileIndex, index: int) -> bool:
    """Whether a call only helps to fill a variable of the module or a class, the first time that is asked for."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    if any(_is_of_a_class(file, tested) for _, tested in fills_once(file, call.block)):
        return True
    shared = {name for owner, name in file.facts.globals if owner == function}
    if not shared:
        return False
    if any(isinstance(tested, Name) and tested.id in shared for _, tested in fills_once(file, call.block)):
        return True
    return any(
        jump.kind == "return" and jump.span < call.span and _found(file.facts.blocks[jump.block]) in shared
        for jump in file.jumps_in.get(function, ())
    )


def _is_of_a_class(file: FileIndex, tested: Expr) -> bool:
    """Whether an attribute belongs to a class, which every object of it shares: ``Pool.shared``, ``cls.shared``."""
    owner = tested.of if isinstance(tested, Attribute) else None
    classes = ("cls", *(one.name for one in file.facts.classes))
    return isinstance(owner, Name) and owner.id in classes


def _found(block: Block) -> str:
    """The variable that a branch found filled: the `x` of ``if x`` and of ``if x is not None``."""
    test = block.subject if block.kind == "branch" else None
    if isinstance(test, Binary) and test.right == Const(None) and test.op in ("is not", "!="):
        test = test.left
    return test.id if isinstance(test, Name) else ""


def _emptiness(block: Block) -> Expr | None:
    """What a branch found empty: the `x` of ``if x is None`` and of ``if not x``, the entry of ``if key not in x``."""
    test = block.subject
    if block.kind != "branch" or test is None:
        return None
    if isinstance(test, Binary) and test.op == "not in":
        return Item(test.right, test.left)
    if isinstance(test, Binary):
        return test.left if test.right == Const(None) and test.op in ("is", "==") else None
    return test.of if isinstance(test, Unary) and test.op == "not" else None
