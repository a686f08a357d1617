"""What stands around a call in its own function: loops, handlers, transactions, locks, limits."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Binary, Block, CallRef, Const, Expr, Item, Name
from ...nouns.libraries import Effect, Policy
from ...nouns.project import Context, Handler, Loop, Region
from ...nouns.source import Place
from ..files.arguments import expression_at
from ..files.branches import branches_of
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import External, FunctionValue, Instance, Literal
from .few import Few
from .graph import Graph
from .handlers import Handlers
from .items import bound_in, made_of, variables
from .seldom import fills_once

_REGIONS = frozenset({"transaction", "lock", "semaphore", "limit", "breaker", "retry", "suppress"})
_PAGES = ("page", "chunk", "batch", "cursor", "offset", "shard", "partition")
_WRAPPED = 3
"""Calls that give the same items, around each other: ``enumerate(sorted(orders))``."""


class Contexts:
    """Reads the blocks around a call; results are remembered per block."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.handlers = Handlers(graph)
        self.few = Few(graph)
        self._known: dict[tuple[str, int], Context] = {}
        self._loops: dict[tuple[str, int], Loop] = {}
        self._regions: dict[tuple[str, int], tuple[Region, ...]] = {}
        self._policies: dict[tuple[str, int], Policy | None] = {}

    def of(self, file: FileIndex, block: int) -> Context:
        """The context of a call in `block`; decorators of the function count as regions around all of it."""
        key = (file.path, block)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._read(file, block)
        return known

    def _read(self, file: FileIndex, block: int) -> Context:
        loops: list[Loop] = []
        handlers: list[Handler] = []
        in_handler = in_finally = False
        once = self._once(file, block)
        for number in file.chain(block):
            here = file.facts.blocks[number]
            if here.kind == "loop":
                loops.append(self._loop(file, number))
            elif here.kind == "try":
                handlers.extend(self.handlers.around(file, number))
            elif here.kind == "handler":
                in_handler = True
            elif here.kind == "finally":
                in_finally = True
        return Context(
            tuple(loops),
            tuple(handlers),
            self.regions(file, block),
            in_handler=in_handler,
            in_finally=in_finally,
            once=once,
            branches=branches_of(file, block),
        )

    def regions(self, file: FileIndex, block: int) -> tuple[Region, ...]:
        """What a block stands inside of, innermost first; the decorators of its function come last."""
        blocks = file.facts.blocks
        entered = (number for number in file.chain(block) if blocks[number].kind == "with")
        whole = file.function(blocks[block].function).block
        return tuple(region for number in (*entered, whole) for region in self._regions_of(file, number))

    def _regions_of(self, file: FileIndex, number: int) -> tuple[Region, ...]:
        """What one with-block enters, or what the decorators of a function put around its block."""
        known = self._regions.get((file.path, number))
        if known is None:
            block = file.facts.blocks[number]
            fresh = self._region(file, block) if block.kind == "with" else self._decorating(file, block.function)
            known = self._regions[file.path, number] = tuple(fresh)
        return known

    @staticmethod
    def _once(file: FileIndex, block: int) -> bool:
        """Whether a branch between a call and its loop fills what it found empty, or picks one item by its name."""
        loop = next((number for number in file.chain(block) if file.facts.blocks[number].kind == "loop"), -1)
        if loop < 0:
            return False
        each = file.facts.blocks[loop].target  # an entry for each item is filled as often as there are items
        filled = (tested for number, tested in fills_once(file, block) if number > loop)
        if any(not isinstance(tested, Item) or tested.key != each for tested in filled):
            return True
        return any(number > loop and _picks(file, number, loop) for number in file.chain(block))

    def _loop(self, file: FileIndex, number: int) -> Loop:
        known = self._loops.get((file.path, number))
        if known is None:
            known = self._loops[file.path, number] = self._read_loop(file, number)
        return known

    def _held(self, file: FileIndex, expr: Expr | None, depth: int = 0) -> str:
        """What a loop over items is over, as a reader says it: ``orders``, where ``enumerate(orders)`` is written."""
        if isinstance(expr, CallRef) and depth < _WRAPPED and (call := file.calls[expr.index]).arguments:
            told = (self._graph.program.catalog.meanings.get(one.path) for one in self._graph.of(file.path, expr.index))
            if any(meaning is not None and meaning.means in ("items", "same") for meaning in told):
                return self._held(file, call.arguments[0].value, depth + 1)
        return shown(file, expr)

    def _read_loop(self, file: FileIndex, number: int) -> Loop:
        block = file.facts.blocks[number]
        place = file.place(block.span)
        text = shown(file, block.subject)
        if block.form == "while":
            endless = isinstance(block.subject, Const) and bool(block.subject.value)
            return Loop(place, "endless" if endless else "while", text, stops=self._tells_at_the_end(file, number))
        if isinstance(block.subject, CallRef):
            for one in self._graph.of(file.path, block.subject.index):
                meaning = self._graph.program.catalog.meanings.get(one.path)
                if meaning is not None and meaning.means == "count":
                    return Loop(place, "count", text, stops=self._tells_at_the_end(file, number))
                if one.policy is not None and one.policy.kind == "retry":
                    return Loop(place, "retry", text)
        if self._delivers(file, block):
            return Loop(place, "endless", text)
        batched = any(word in text.lower() or word in shown(file, block.target).lower() for word in _PAGES)
        names = frozenset(one.id for one in variables(block) if isinstance(one, Name))
        made, bound = made_of(file, number, names), bound_in(file, number)
        over = self._held(file, block.subject)
        return Loop(
            place, "each", over, self.few.of_loop(file, block), self._stops(file, number), batched, names, made, bound
        )

    def _delivers(self, file: FileIndex, block: Block) -> bool:
        """Whether a loop runs over what a consumer delivers: messages as they come, not a collection."""
        if block.subject is None:
            return False
        catalog = self._graph.program.catalog
        for value in self._graph.evaluator.values(
            file, block.parent, block.subject, block.span.line, block.span.column
        ):
            client = catalog.clients.get(value.type) if isinstance(value, Instance) else None
            if client is not None and Effect.QUEUE in client.effects:
                return True
        calls = (block.subject.index,) if isinstance(block.subject, CallRef) else ()
        return any(
            one.operation is not None and Effect.QUEUE in one.operation.effects
            for index in calls
            for one in self._graph.of(file.path, index)
        )

    def _tells_at_the_end(self, file: FileIndex, number: int) -> bool:
        """Whether a loop ends at a success, and what stands after it raises an error when none came."""
        loop = file.facts.blocks[number]
        around = set(file.chain(loop.parent))
        raises = (jump for jump in file.jumps_in.get(loop.function, ()) if jump.kind == "raise")
        return self._stops(file, number) and any(jump.block in around and jump.span > loop.span for jump in raises)

    @staticmethod
    def _stops(file: FileIndex, number: int) -> bool:
        """Whether a loop over items ends at the first that will do: it returns or breaks outside its error handlers."""
        for jump in file.jumps_in.get(file.facts.blocks[number].function, ()):
            if jump.kind in ("return", "break") and file.inside(jump.block, number):
                around = [file.facts.blocks[one].kind for one in file.chain(jump.block) if one > number]
                if "handler" not in around and "loop" not in around:
                    return True
        return False

    def _region(self, file: FileIndex, block: Block) -> Iterator[Region]:
        if block.subject is None:
            return
        found = self.policy_of(file, block.parent, block.subject, block.span.line, block.span.column)
        if found is not None and found[1].kind in _REGIONS:
            name, policy = found
            catches: tuple[str, ...] = ()
            if policy.kind == "suppress" and isinstance(block.subject, CallRef):
                arguments = file.calls[block.subject.index].arguments
                catches = tuple(
                    name
                    for one in arguments
                    for name in self.handlers.error_types(file, block.parent, one.value, block)
                )
            place = file.place(block.span)
            seconds = self._seconds(file, block.subject, policy)
            yield Region(policy.kind, place, name, catches, seconds=seconds)  # type: ignore[arg-type]  # kinds just checked

    def _seconds(self, file: FileIndex, subject: Expr, policy: Policy) -> float | None:
        """After how many seconds a limiting region ends, where that is written as a number."""
        at = policy.seconds
        if at is None or not isinstance(subject, CallRef):
            return None
        given = expression_at(file.calls[subject.index], at.argument, at.position)
        values = self._graph.evaluator.argument(file, subject.index, given) if given is not None else ()
        numbers = [
            value.value for value in values if isinstance(value, Literal) and isinstance(value.value, (int, float))
        ]
        return float(max(numbers)) if numbers and len(numbers) == len(values) else None

    def policy_of(self, file: FileIndex, block: int, expr: Expr, line: int, column: int) -> tuple[str, Policy] | None:
        """The policy that an entered or decorating expression stands for, with its name as written."""
        if isinstance(expr, CallRef):
            for one in self._graph.of(file.path, expr.index):
                if one.policy is not None:
                    return shown(file, file.calls[expr.index].callee), one.policy
                if one.function is not None:
                    inner = self._through_function(one.function)
                    if inner is not None:
                        return shown(file, file.calls[expr.index].callee), inner
        for value in self._graph.evaluator.values(file, block, expr, line, column):
            policy = None
            if isinstance(value, External):
                policy = self._graph.program.catalog.policies.get(value.path)
            elif isinstance(value, Instance):
                policy = self._graph.program.catalog.policies.get(value.type)
            elif isinstance(value, FunctionValue):
                policy = self._through_function(value.key)
            if policy is not None:
                return shown(file, expr), policy
        return None

    def _through_function(self, key: tuple[str, int]) -> Policy | None:
        """The policy that a context manager of the program opens around its yield."""
        if key in self._policies:
            return self._policies[key]
        self._policies[key] = None
        file = self._graph.program.file(key[0])
        if file is None or not file.function(key[1]).is_generator:
            return None
        for jump in file.facts.jumps:
            if jump.kind == "yield" and file.facts.blocks[jump.block].function == key[1]:
                for number in file.chain(jump.block):
                    block = file.facts.blocks[number]
                    if block.kind == "with" and block.subject is not None:
                        found = self.policy_of(file, block.parent, block.subject, block.span.line, block.span.column)
                        if found is not None and found[1].kind in _REGIONS:
                            self._policies[key] = found[1]
                            return found[1]
        return None

    def _decorating(self, file: FileIndex, function: int) -> Iterator[Region]:
        facts = file.function(function)
        for decorator in reversed(facts.decorators):
            found = self.policy_of(file, facts.parent_block, decorator, facts.span.line, 0)
            if found is not None and found[1].kind in _REGIONS:
                place = self._decorator_place(file, decorator, function)
                yield Region(found[1].kind, place, found[0], decorates=True)  # type: ignore[arg-type]  # kinds just checked

    @staticmethod
    def _decorator_place(file: FileIndex, decorator: Expr, function: int) -> Place:
        if isinstance(decorator, CallRef):
            return file.place(file.calls[decorator.index].span)
        facts = file.function(function)
        return file.place(facts.decorator_spans[facts.decorators.index(decorator)])


def _picks(file: FileIndex, number: int, loop: int) -> bool:
    """Whether a branch takes the one item of a loop that has a name (``if key == "limit"``)."""
    block = file.facts.blocks[number]
    test = block.subject
    if block.kind != "branch" or not isinstance(test, Binary) or test.op != "==":
        return False
    items = variables(file.facts.blocks[loop])
    sides = ((test.left, test.right), (test.right, test.left))
    return any(isinstance(other, Const) and one in items for one, other in sides)
