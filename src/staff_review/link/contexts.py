"""What stands around a call in its own function: loops, handlers, transactions, locks, limits."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Attribute, Binary, Block, CallRef, Const, Expr, Item, Jump, Mapping, Sequence, Unary
from ..libraries import Effect, Policy
from ..project import Context, Handler, Loop, Region
from ..source import Place
from .graph import Graph
from .index import FileIndex
from .showing import shown
from .values import ClassValue, External, FunctionValue, Instance, Written

_REGIONS = frozenset({"transaction", "lock", "semaphore", "limit", "breaker", "retry", "suppress"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_PAGES = ("page", "chunk", "batch", "cursor", "offset", "shard", "partition")
_SLICE = 32
"""A slice up to this length bounds what a loop does."""
_FEW = 8
"""A literal collection up to this many items is a fixed small set, not data that grows."""


class Contexts:
    """Reads the blocks around a call; results are remembered per block."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[str, int], Context] = {}
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
        regions: list[Region] = []
        in_handler = False
        once = self._once(file, block)
        for number in file.chain(block):
            here = file.facts.blocks[number]
            if here.kind == "loop":
                loops.append(self._loop(file, number))
            elif here.kind == "try":
                handlers.extend(self._handlers(file, number))
            elif here.kind == "handler":
                in_handler = True
            elif here.kind == "with" and here.subject is not None:
                regions.extend(self._region(file, here))
        function = file.facts.blocks[block].function
        regions.extend(self._decorating(file, function))
        return Context(tuple(loops), tuple(handlers), tuple(regions), in_handler, once)

    @staticmethod
    def _once(file: FileIndex, block: int) -> bool:
        """Whether a branch ``if x is None`` or ``if not x`` that sets x stands between a call and its loop."""
        for number in file.chain(block):
            here = file.facts.blocks[number]
            if here.kind == "loop":
                return False
            test = here.subject
            if here.kind != "branch" or test is None:
                continue
            tested = test.left if isinstance(test, Binary) and test.right == Const(None) else getattr(test, "of", None)
            if isinstance(test, (Binary, Unary)) and any(
                binding.target == tested and file.inside(binding.block, number) for binding in file.facts.bindings
            ):
                return True
        return False

    def _loop(self, file: FileIndex, number: int) -> Loop:
        block = file.facts.blocks[number]
        place = file.place(block.span)
        text = shown(file, block.subject)
        if block.form == "while":
            endless = isinstance(block.subject, Const) and bool(block.subject.value)
            return Loop(place, "endless" if endless else "while", text)
        if isinstance(block.subject, CallRef):
            for one in self._graph.of(file.path, block.subject.index):
                meaning = self._graph.program.catalog.meanings.get(one.path)
                if meaning is not None and meaning.means == "count":
                    return Loop(place, "count", text)
                if one.policy is not None and one.policy.kind == "retry":
                    return Loop(place, "retry", text)
        if self._delivers(file, block):
            return Loop(place, "endless", text)
        batched = any(word in text.lower() or word in shown(file, block.target).lower() for word in _PAGES)
        return Loop(place, "each", text, self.few(file, block), self._stops(file, number), batched)

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

    @staticmethod
    def _stops(file: FileIndex, number: int) -> bool:
        """Whether a loop over items ends at the first that will do: it returns or breaks outside its error handlers."""
        for jump in file.jumps_in.get(file.facts.blocks[number].function, ()):
            if jump.kind in ("return", "break") and file.inside(jump.block, number):
                around = [file.facts.blocks[one].kind for one in file.chain(jump.block) if one > number]
                if "handler" not in around and "loop" not in around:
                    return True
        return False

    def few(self, file: FileIndex, block: Block) -> bool:
        """Whether a loop runs over a fixed small set written in the code."""
        if block.subject is None:
            return False
        return self._is_few(file, block.parent, block.subject, block)

    def _is_few(self, file: FileIndex, scope: int, expr: Expr, at: Block) -> bool:
        if isinstance(expr, CallRef):
            return self._few_of_call(file, scope, expr, at)
        values = self._graph.evaluator.values(file, scope, expr, at.span.line, at.span.column)
        return bool(values) and all(isinstance(value, Written) and self._few_written(value) for value in values)

    def _few_of_call(self, file: FileIndex, scope: int, expr: CallRef, at: Block) -> bool:
        """``PEERS.items()``, ``enumerate(PEERS)``, ``sorted(PEERS)``: as many as there are peers."""
        call = file.calls[expr.index]
        if isinstance(call.callee, Attribute) and call.callee.name in ("items", "keys", "values", "copy"):
            return self._is_few(file, scope, call.callee.of, at)
        for one in self._graph.of(file.path, expr.index):
            meaning = self._graph.program.catalog.meanings.get(one.path) if one.path else None
            if meaning is not None and meaning.means in ("items", "same") and call.arguments:
                return self._is_few(file, scope, call.arguments[0].value, at)
        return False

    @staticmethod
    def _few_written(value: Written) -> bool:
        expr = value.expr
        if isinstance(expr, (Sequence, Mapping)):
            return 0 < len(expr.items) <= _FEW
        if isinstance(expr, Item) and isinstance(expr.key, Binary) and expr.key.op == ":":
            end = expr.key.right
            return isinstance(end, Const) and isinstance(end.value, int) and 0 < end.value <= _SLICE
        return False

    def _handlers(self, file: FileIndex, guarded: int) -> Iterator[Handler]:
        for number in file.blocks_in.get(file.facts.blocks[guarded].function, ()):
            block = file.facts.blocks[number]
            if block.kind == "handler" and block.partner == guarded:
                yield self.handler(file, number)

    def handler(self, file: FileIndex, number: int) -> Handler:
        """One except clause: what it catches and what it does."""
        block = file.facts.blocks[number]
        catches = tuple(self._caught(file, block))
        does: set[str] = set()
        for jump in file.jumps_in.get(block.function, ()):
            if file.inside(jump.block, number):
                does.add(jump.kind + "s" if jump.kind != "continue" else "continues")
                if jump.kind == "return" and self._tells(file, block.function, jump):
                    does.add("answers")
        for index in file.calls_in.get(block.function, ()):
            if file.inside(file.calls[index].block, number):
                does.add("logs" if self._logs(file, index) else "calls")
        if any(file.inside(binding.block, number) for binding in file.bindings_in.get(block.function, ())):
            does.add("assigns")
        broad = not catches or not _BROAD.isdisjoint(catches)
        return Handler(file.place(block.span), catches, frozenset(does), broad)

    @staticmethod
    def _tells(file: FileIndex, function: int, failed: Jump) -> bool:
        """Whether the caller can tell a failure by what is returned: success returns something else."""
        nothing = failed.value is None or failed.value == Const(None)
        others = [
            jump.value for jump in file.jumps_in.get(function, ()) if jump.kind == "return" and jump is not failed
        ]
        return not nothing or any(value is not None and value != Const(None) for value in others)

    def _logs(self, file: FileIndex, index: int) -> bool:
        for one in self._graph.of(file.path, index):
            if one.operation is not None and Effect.LOG in one.operation.effects:
                return True
        callee = file.calls[index].callee
        name = callee.name if isinstance(callee, Attribute) else getattr(callee, "id", "")
        return name in _LOG_NAMES or "log" in shown(file, callee).lower()

    def _caught(self, file: FileIndex, block: Block) -> Iterator[str]:
        if block.subject is None:
            return
        wanted = block.subject.items if isinstance(block.subject, Sequence) else (block.subject,)
        for expr in wanted:
            yield from self._error_types(file, block.parent, expr, block)

    def _error_types(self, file: FileIndex, scope: int, expr: Expr, at: Block) -> Iterator[str]:
        for value in self._graph.evaluator.values(file, scope, expr, at.span.line, at.span.column):
            if isinstance(value, External):
                yield value.path
            elif isinstance(value, ClassValue):
                inner = self._graph.program.file(value.path)
                yield f"{value.path}:{inner.cls(value.index).name}" if inner is not None else value.path
            elif isinstance(value, Written) and isinstance(value.expr, Sequence) and value.expr.items != (expr,):
                inner = self._graph.program.file(value.path)
                for item in value.expr.items if inner is not None else ():
                    yield from self._error_types(inner, value.block, item, at)  # type: ignore[arg-type]  # not None here
            else:
                yield shown(file, expr) or "?"

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
                    name for one in arguments for name in self._error_types(file, block.parent, one.value, block)
                )
            place = file.place(block.span)
            yield Region(policy.kind, place, name, catches)  # type: ignore[arg-type]  # kinds just checked

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
        for decorator in facts.decorators:
            found = self.policy_of(file, facts.parent_block, decorator, facts.span.line, 0)
            if found is not None and found[1].kind in _REGIONS:
                yield Region(found[1].kind, self._decorator_place(file, decorator, function), found[0])  # type: ignore[arg-type]

    @staticmethod
    def _decorator_place(file: FileIndex, decorator: Expr, function: int) -> Place:
        if isinstance(decorator, CallRef):
            return file.place(file.calls[decorator.index].span)
        facts = file.function(function)
        return file.place(facts.decorator_spans[facts.decorators.index(decorator)])


_LOG_NAMES = frozenset({"exception", "error", "warning", "warn", "critical", "print", "capture_exception", "report"})
