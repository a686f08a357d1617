"""What happens when an error reaches a try: what each handler catches and what it does."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, Block, Const, Expr, Jump, Mapping, Sequence
from ...nouns.libraries import Effect
from ...nouns.project import Handler
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import ClassValue, External, Written
from .graph import Graph

_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_ENDING = frozenset({"exit", "_exit", "quit", "abort"})
_LOG_NAMES = frozenset({"exception", "error", "warning", "warn", "critical", "print", "capture_exception", "report"})


class Handlers:
    """Reads the handlers of a try."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[str, int], Handler] = {}

    def around(self, file: FileIndex, guarded: int) -> Iterator[Handler]:
        """The handlers of the try at block `guarded`, in order."""
        for number in file.blocks_in.get(file.facts.blocks[guarded].function, ()):
            block = file.facts.blocks[number]
            if block.kind == "handler" and block.partner == guarded:
                yield self.of(file, number)

    def of(self, file: FileIndex, number: int) -> Handler:
        """One except clause: what it catches and what it does."""
        known = self._known.get((file.path, number))
        if known is None:
            known = self._known[file.path, number] = self._read(file, number)
        return known

    def _read(self, file: FileIndex, number: int) -> Handler:
        block = file.facts.blocks[number]
        catches = tuple(self._caught(file, block))
        does: set[str] = set()
        for jump in file.jumps_in.get(block.function, ()):
            if file.inside(jump.block, number):
                does.add(jump.kind + "s" if jump.kind != "continue" else "continues")
                if jump.kind == "return" and _is_empty(jump.value):
                    does.add("answers-empty")
                elif jump.kind == "return" and self._tells(file, block.function, jump):
                    does.add("answers")
        for index in file.calls_in.get(block.function, ()):
            if file.inside(file.calls[index].block, number):
                does.add("logs" if self.logs(file, index) else "calls")
        if self._told_after(file, block) or (not does and self._told_by_answer(file, block)):
            does.add("told-after")
        if any(file.inside(binding.block, number) for binding in file.bindings_in.get(block.function, ())):
            does.add("assigns")
        broad = not catches or not _BROAD.isdisjoint(catches)
        return Handler(file.place(block.span), catches, frozenset(does), broad, explained=block.form == "explained")

    @staticmethod
    def _tells(file: FileIndex, function: int, failed: Jump) -> bool:
        """Whether the caller can tell a failure by what is returned: success returns something else."""
        nothing = failed.value is None or failed.value == Const(None)
        others = [
            jump.value for jump in file.jumps_in.get(function, ()) if jump.kind == "return" and jump is not failed
        ]
        return not nothing or any(value is not None and value != Const(None) for value in others)

    @staticmethod
    def _told_by_answer(file: FileIndex, handler: Block) -> bool:
        """Whether a try that goes well returns, and the function ends in a constant that says it did not."""
        returns = [jump for jump in file.jumps_in.get(handler.function, ()) if jump.kind == "return"]
        last = max(returns, key=lambda jump: jump.span, default=None)
        if last is None or not isinstance(last.value, Const) or last.span < handler.span:
            return False
        ends = last.block == file.function(handler.function).block
        return ends and any(file.inside(one.block, handler.partner) and one.value != last.value for one in returns)

    def _told_after(self, file: FileIndex, handler: Block) -> bool:
        """Whether what follows the try, come what may, raises an error or first of all says that one happened."""
        parent = file.facts.blocks[handler.partner].parent
        end = handler.span
        if any(
            j.kind == "raise" and j.block == parent and j.span > end for j in file.jumps_in.get(handler.function, ())
        ):
            return True
        calls = (index for index in file.calls_in.get(handler.function, ()) if file.calls[index].block == parent)
        after = min(
            (index for index in calls if file.calls[index].span > end), default=None, key=lambda i: file.calls[i].span
        )
        return after is not None and leaf_of(file.calls[after].callee) in _LOG_NAMES and self.logs(file, after)

    def logs(self, file: FileIndex, index: int) -> bool:
        """Whether a call speaks of something in a log, on the screen or to a service that gathers errors."""
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
            yield from self.error_types(file, block.parent, expr, block)

    def exits(self, file: FileIndex, block: int) -> bool:
        """Whether a block ends the program."""
        catalog = self._graph.program.catalog
        for index in file.calls_in.get(file.facts.blocks[block].function, ()):
            if file.calls[index].block == block and leaf_of(file.calls[index].callee) in _ENDING:
                for one in self._graph.of(file.path, index):
                    meaning = catalog.meanings.get(one.path) if one.path else None
                    if meaning is not None and meaning.means == "exit":
                        return True
        return False

    def error_types(self, file: FileIndex, scope: int, expr: Expr, at: Block) -> Iterator[str]:
        """The error types that an expression names, as canonical paths."""
        for value in self._graph.evaluator.values(file, scope, expr, at.span.line, at.span.column):
            if isinstance(value, External):
                yield value.path
            elif isinstance(value, ClassValue):
                inner = self._graph.program.file(value.path)
                yield f"{value.path}:{inner.cls(value.index).name}" if inner is not None else value.path
            elif isinstance(value, Written) and isinstance(value.expr, Sequence) and value.expr.items != (expr,):
                inner = self._graph.program.file(value.path)
                for item in value.expr.items if inner is not None else ():
                    yield from self.error_types(inner, value.block, item, at)  # type: ignore[arg-type]  # not None here
            else:
                yield shown(file, expr) or "?"


def _is_empty(answer: Expr | None) -> bool:
    """Whether it is an empty list or mapping: nobody can tell that from the answer where nothing was found."""
    return isinstance(answer, (Sequence, Mapping)) and not answer.items
