"""The call graph: every call of every opened file with what it resolves to, and who calls each function."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..facts import CallRef, Closure, Expr
from ..rulebook import Operation, Policy
from .arguments import expression_at, positional
from .evaluate import Evaluator
from .index import FileIndex
from .program import Program
from .values import CallKey, ClassValue, External, FunctionKey, FunctionValue, Instance, Partial, Value

_STARTERS = ("spawn", "offload")


class Resolved(msgspec.Struct, frozen=True):
    """One thing that a call can be: an operation, a function of the program, a policy, the making of an object."""

    path: str  # canonical, "" for functions of the program
    operation: Operation | None = None
    policy: Policy | None = None
    function: FunctionKey | None = None
    receiver: Value | None = None
    partial: CallKey | None = None
    certain: bool = True


class Graph:
    """Grows as files are opened; callers are known for the files opened so far."""

    def __init__(self, program: Program, evaluator: Evaluator) -> None:
        self.program = program
        self.evaluator = evaluator
        self.resolved: dict[CallKey, tuple[Resolved, ...]] = {}
        self.callers: dict[FunctionKey, list[CallKey]] = evaluator.results.callers
        self.passed_around: set[FunctionKey] = set()  # functions used as values: callers are not all known
        self._done: set[str] = set()

    def open(self, path: str) -> FileIndex | None:
        """Resolve all calls of a file, once."""
        file = self.program.file(path)
        if file is None or path in self._done:
            return file
        self._done.add(path)
        for index in range(len(file.facts.calls)):
            self._resolve(file, index)
        return file

    def _resolve(self, file: FileIndex, index: int) -> None:
        found: list[Resolved] = []
        for callee in self.evaluator.callee(file, index):
            found.extend(self._of(callee))
        self.resolved[(file.path, index)] = tuple(found)
        for one in found:
            if one.function is not None:
                self.callers.setdefault(one.function, []).append((file.path, index))
            if one.policy is not None and index not in file.forwarded:
                self._forward(file, index, one.policy)
        self._note_values(file, index)

    def _of(self, callee: Value) -> Iterator[Resolved]:
        catalog = self.program.catalog
        if isinstance(callee, External):
            yield Resolved(
                callee.path, catalog.operations.get(callee.path), catalog.policies.get(callee.path),
                receiver=callee.receiver,
            )
        elif isinstance(callee, Instance):
            path = f"{callee.type}.__call__"
            yield Resolved(path, catalog.operations.get(path), catalog.policies.get(callee.type), receiver=callee)
        elif isinstance(callee, FunctionValue):
            yield Resolved("", function=callee.key, receiver=callee.receiver)
        elif isinstance(callee, ClassValue):
            yield from self._initialiser(callee)
        elif isinstance(callee, Partial):
            yield from self._through_partial(callee)

    def _initialiser(self, callee: ClassValue) -> Iterator[Resolved]:
        for path, index in self.evaluator.members.lineage(callee.path, callee.index):
            file = self.program.file(path)
            method = None if file is None else file.methods.get((index, "__init__"))
            if method is not None:
                yield Resolved("", function=(path, method), receiver=callee)
                return

    def _through_partial(self, partial: Partial) -> Iterator[Resolved]:
        file = self.program.file(partial.call[0])
        inner = None if file is None else expression_at(file.calls[partial.call[1]], None, 0)
        if file is None or inner is None:
            return
        for callee in self.evaluator.argument(file, partial.call[1], inner):
            if not isinstance(callee, Partial):
                for one in self._of(callee):
                    yield Resolved(
                        one.path, one.operation, one.policy, one.function, one.receiver, partial.call, one.certain
                    )

    def _forward(self, file: FileIndex, index: int, policy: Policy) -> None:
        """A call that runs a callable it is given becomes a call of that callable too."""
        at = policy.callable
        call = file.calls[index]
        target = expression_at(call, at.argument, at.position) if at is not None else None
        if at is None or target is None or isinstance(target, CallRef):
            return
        passed = positional(call)
        rest = passed[(at.position or 0) + 1 :] if at.position is not None else []
        named = [argument for argument in call.arguments if argument.name is not None and argument.name != at.argument]
        self._resolve(file, file.forward(index, target, (*rest, *named)))

    def _note_values(self, file: FileIndex, index: int) -> None:
        """Functions handed over as arguments may be called by anyone."""
        for argument in file.calls[index].arguments:
            value = argument.value
            if type(value).__name__ in ("Name", "Attribute", "Closure"):
                self._note(file, index, value)

    def _note(self, file: FileIndex, index: int, value: Expr) -> None:
        if isinstance(value, Closure):
            self.passed_around.add((file.path, value.function))
            return
        for one in self.evaluator.argument(file, index, value):
            if isinstance(one, FunctionValue):
                self.passed_around.add(one.key)

    def kinds_around(self, file: FileIndex, index: int) -> Iterator[tuple[int, Resolved]]:
        """The calls that hold call `index` as an argument, innermost first, with what they resolve to."""
        seen = 0
        here: int | None = file.forwarded.get(index, file.holder.get(index))
        while here is not None and seen < 8:
            for one in self.resolved.get((file.path, here), ()):
                yield here, one
            here = file.holder.get(here)
            seen += 1

    def starts(self, file: FileIndex, index: int) -> str:
        """ "offload" when the call runs in another thread, "spawn" when another task runs it, else nothing."""
        for _, one in self.kinds_around(file, index):
            if one.policy is not None and one.policy.kind in _STARTERS:
                return one.policy.kind
        return ""
