"""The call graph: calls with what they resolve to, and who calls each function; grown only where it matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ...nouns.facts import CallRef, Closure
from ...nouns.libraries import Operation, Policy
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.program import Program
from ..files.values import CallKey, ClassValue, External, FunctionKey, FunctionValue, Instance, Partial, Value
from ..knowledge.interests import Interests
from .command_lines import CommandLines
from .iterating import iterations, lazy_builders
from .peers import has_no_peer
from .runners import STARTERS, Runners


class Resolved(msgspec.Struct, frozen=True):
    """One thing that a call can be: an operation, a function of the program, a policy, the making of an object."""

    path: str  # canonical, "" for functions of the program
    operation: Operation | None = None
    policy: Policy | None = None
    function: FunctionKey | None = None
    receiver: Value | None = None
    partial: CallKey | None = None  # a call that gives it arguments too
    certain: bool = True


class Graph:
    """Grows as files are opened and names become interesting; callers are known for the files opened so far."""

    def __init__(self, program: Program, evaluator: Evaluator, interests: Interests) -> None:
        self.program = program
        self.evaluator = evaluator
        self.callers: dict[FunctionKey, list[CallKey]] = evaluator.results.callers
        self.made: dict[str, set[int]] = {}  # file -> calls that give an object of a library
        self.fresh: list[CallKey] = []  # resolved since the effects were last spread
        self.runners = Runners(self)
        self._interests = interests
        self._command_lines = CommandLines(evaluator)
        self._lazy = lazy_builders(program.catalog)
        self._resolved: dict[CallKey, tuple[Resolved, ...]] = {}
        self._looked: dict[str, set[int]] = {}  # file -> calls resolved because of their names
        self._of_libraries: dict[str, tuple[int, tuple[int, ...]]] = {}  # those among so many calls
        self._passed: dict[FunctionKey, bool] = {}
        self._decorators: dict[str, frozenset[int]] = {}
        self._handed_names: dict[str, list[CallKey]] = {}
        self._handed_files = -1

    def open(self, path: str) -> FileIndex | None:
        """Index a file, once, and resolve its calls that have an interesting name."""
        file = self.program.file(path)
        if file is None or path in self._looked:
            return file
        self._looked[path] = set()
        for leaf, indices in file.by_leaf.items():
            if self._interests.in_leaf(leaf) or self._is_variable(file, leaf):
                self._look(file, indices)
        for receiver in sorted(self._interests.receivers & file.by_receiver.keys()):
            self._look(file, file.by_receiver[receiver])
        self._look(file, (*iterations(file, self._lazy), *file.forwarded))
        self.interest(self.runners.names_in(file), ())
        return file

    @staticmethod
    def _is_variable(file: FileIndex, leaf: str) -> bool:
        return leaf in file.variables  # given a value, other than by ``def`` or ``class``: then it may be anything

    def interest(self, names: Iterable[str], receivers: Iterable[str]) -> None:
        """Resolve the calls with these names or on objects with these names, in files opened so far and later."""
        leaves = set(names) - self._interests.leaves
        objects = set(receivers) - self._interests.receivers
        self._interests.leaves |= leaves
        self._interests.receivers |= objects
        for path in list(self._looked) if leaves or objects else ():
            file = self.program.opened[path]
            for leaf in sorted(leaves & file.by_leaf.keys()):
                self._look(file, file.by_leaf[leaf])
            for name in sorted(objects & file.by_receiver.keys()):
                self._look(file, file.by_receiver[name])

    def look_at(self, file: FileIndex, receiver: str) -> None:
        """Resolve the calls of a file on objects of that name."""
        if file.path in self._looked:
            self._look(file, file.by_receiver.get(receiver, ()))

    def _look(self, file: FileIndex, indices: Iterable[int]) -> None:
        looked = self._looked[file.path]
        for index in list(indices):
            if index not in looked:
                looked.add(index)
                self.of(file.path, index)
                self.fresh.append((file.path, index))

    def calls_of(self, path: str) -> list[int]:
        """The calls of a file that were worth resolving, in file order."""
        return sorted(self._looked.get(path, ()))

    def library_calls(self) -> Iterator[tuple[FileIndex, int, tuple[Resolved, ...]]]:
        """The calls that the catalog says anything of, in the order of files, with what they can be."""
        for path in sorted(self.program.opened):
            file = self.program.opened[path]
            for index in self.library_calls_of(path):
                yield file, index, self.of(path, index)

    def library_calls_of(self, path: str) -> tuple[int, ...]:
        """Those of one file."""
        looked = self._looked.get(path, set())
        size, found = self._of_libraries.get(path, (0, ()))
        if size != len(looked):
            found = tuple(index for index in sorted(looked) if any(map(self._is_told, self.of(path, index))))
            self._of_libraries[path] = len(looked), found
        return found

    def _is_told(self, one: Resolved) -> bool:
        return one.policy is not None or self.program.catalog.says(one.path)

    def of(self, path: str, index: int) -> tuple[Resolved, ...]:
        """What the call of that index can be; resolved when first asked for."""
        key = (path, index)
        known = self._resolved.get(key)
        if known is None:
            self._resolved[key] = ()
            known = self._resolve(self.program.opened[path], index)
        return known

    def anew(self, file: FileIndex, index: int) -> tuple[Resolved, ...]:
        """The same evaluated once more, for a call whose function's callers were not known when it was resolved."""
        return tuple(one for callee in self.evaluator.callee(file, index) for one in self._of(callee))

    def _resolve(self, file: FileIndex, index: int) -> tuple[Resolved, ...]:
        key = (file.path, index)
        found: list[Resolved] = []
        for callee in self.evaluator.callee(file, index):
            found.extend(self._told(key, one) for one in self._of(callee))
            if isinstance(callee, FunctionValue) and index in self._decorating(file):
                found.extend(self._wrapped(callee))
        self._resolved[key] = tuple(found)
        for one in found:
            if one.function is not None:
                self.callers.setdefault(one.function, []).append(key)
                self.runners.run(file, index, one.function)
            if one.path and (
                self.program.catalog.makers.get(one.path) is not None
                or (one.operation is not None and isinstance(one.receiver, Instance) and "*" in one.operation.names[0])
            ):
                self.made.setdefault(file.path, set()).add(index)
            if one.policy is not None and index not in file.forwarded:
                self.runners.forward(file, index, one.policy)
        return tuple(found)

    def _told(self, key: CallKey, one: Resolved) -> Resolved:
        """The same with what the command line reaches that the call starts."""
        operation = self._command_lines.told(key, one.operation, one.receiver)
        return one if operation is one.operation else msgspec.structs.replace(one, operation=operation)

    def _wrapped(self, decorator: FunctionValue) -> Iterator[Resolved]:
        for entry in self.evaluator.results.wrapping.entry(decorator):
            for one in self._of(entry.decorator):
                yield msgspec.structs.replace(one, partial=entry.call)

    def _decorating(self, file: FileIndex) -> frozenset[int]:
        """The calls of a file that decorate a function."""
        known = self._decorators.get(file.path)
        if known is None:
            given = (decorator for function in file.facts.functions for decorator in function.decorators)
            known = self._decorators[file.path] = frozenset(one.index for one in given if isinstance(one, CallRef))
        return known

    def _of(self, callee: Value) -> Iterator[Resolved]:
        catalog = self.program.catalog
        if isinstance(callee, External):
            yield Resolved(
                callee.path,
                self._operation(callee),
                catalog.policies.get(callee.path),
                receiver=callee.receiver,
                certain=not callee.guessed,
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

    def _operation(self, callee: External) -> Operation | None:
        """What a library's call does; nothing where its object was made so that it has nobody to wait for."""
        operation = self.program.catalog.operations.get(callee.path)
        if operation is None or has_no_peer(self.program, callee.receiver):
            return None
        at = operation.waits_if_made_with
        made = callee.receiver.made if isinstance(callee.receiver, Instance) else None
        file = self.program.file(made[0]) if made is not None else None
        if at is None:
            return operation
        if made is None or file is None:
            return None  # nobody saw it made: nothing says that there is anything to wait for
        return operation if expression_at(file.calls[made[1]], at.argument, at.position) is not None else None

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
                    yield msgspec.structs.replace(one, partial=partial.call)

    def add(self, file: FileIndex, number: int) -> None:
        """Resolve a call that another one makes for us, in a file that may be opened only later."""
        self.of(file.path, number)
        if file.path in self._looked:
            self._look(file, [number])

    def passed_around(self, function: FunctionKey) -> bool:
        """Whether a function is handed over as a value somewhere: then its callers are not all known."""
        known = self._passed.get(function)
        if known is None:
            known = self._passed[function] = self._is_passed(function)
        return known

    def _is_passed(self, function: FunctionKey) -> bool:
        home = self.program.opened.get(function[0])
        name = home.function(function[1]).name if home is not None else ""
        for path, index in self._handed().get(name, ()):
            file = self.program.opened[path]
            for argument in file.calls[index].arguments:
                if isinstance(argument.value, Closure) or leaf_of(argument.value) != name:
                    continue
                for one in self.evaluator.argument(file, index, argument.value):
                    if isinstance(one, FunctionValue) and one.key == function:
                        return True
        return False

    def _handed(self) -> dict[str, list[CallKey]]:
        """Calls by the bare names they are given, over all opened files; asked for once everything is open."""
        if len(self._looked) != self._handed_files:
            self._handed_files = len(self._looked)
            self._handed_names = {}
            for path in self._looked:
                for name, indices in self.program.opened[path].handed.items():
                    self._handed_names.setdefault(name, []).extend((path, index) for index in indices)
        return self._handed_names

    @staticmethod
    def in_handler(file: FileIndex, index: int) -> bool:
        """Whether a call stands in an error handler of its function."""
        return any(file.facts.blocks[block].kind == "handler" for block in file.chain(file.calls[index].block))

    def kinds_around(self, file: FileIndex, index: int) -> Iterator[tuple[int, Resolved]]:
        """The calls that hold call `index` as an argument, innermost first, with what they resolve to."""
        seen = 0
        here: int | None = file.forwarded.get(index, file.holder.get(index))
        while here is not None and seen < 8:
            for one in self.of(file.path, here):
                yield here, one
            here = file.holder.get(here)
            seen += 1

    def starts(self, file: FileIndex, index: int) -> str:
        """Give "offload" when the call runs in another thread, "spawn" when another task runs it, else nothing."""
        if index not in file.holder and index not in file.forwarded:
            return ""
        for _, one in self.kinds_around(file, index):
            if one.policy is not None and one.policy.kind in STARTERS:
                return one.policy.kind
        return self.runners.started((file.path, index))
