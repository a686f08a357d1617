"""Who calls a function, looked for anew where the graph did not: by its name in every file that may mean it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, CallRef, Choice, Closure, Const, Expr, Item, Mapping, Name, Sequence, Text
from ...nouns.source import Span
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, FunctionKey
from .configured import Configured

_MOST_CALLERS = 60
_MOST_ABOVE = 1_500


class Calling:
    """Callers and origins of functions, remembered."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.settings = Configured(graph)
        self._known: dict[FunctionKey, list[CallKey]] = {}
        self._resolved: set[str] = set()
        self._spoken: dict[str, frozenset[str]] = {}

    def callers(self, key: FunctionKey) -> list[CallKey]:
        """The calls of a function, in file order."""
        known = self._known.get(key)
        if known is None:
            name = self.name_of(key)
            if name and name not in self._resolved:
                self._resolved.add(name)
                self._resolve(name, key[0])
            known = self._known[key] = sorted(set(self._graph.callers.get(key, ())))[:_MOST_CALLERS]
        return known

    def name_of(self, key: FunctionKey) -> str:
        """The name by which a function is called: its class's for an initialiser, "" for a module."""
        file = self._graph.program.file(key[0])
        if file is None or key[1] == 0:
            return ""
        facts = file.function(key[1])
        return file.cls(facts.cls).name if facts.name == "__init__" and facts.cls >= 0 else facts.name

    def _resolve(self, name: str, path: str) -> None:
        """Resolve every call of that name in the files opened so far and in those that import the function's."""
        program = self._graph.program
        for near in sorted(program.imports.around({path})):
            if near not in program.opened and near in set(program.shelf.naming(frozenset({name}), (near,))):
                program.file(near)
        for opened in list(program.opened.values()):
            for index in opened.by_leaf.get(name, ()):
                self._graph.of(opened.path, index)

    def above(self, key: FunctionKey) -> dict[FunctionKey, tuple[int, ...]]:
        """The function and all that reach it, nearest first; a function defined inside another is reached with it.

        With each, the line and column of every call on the shortest way down from it: they tell what comes first.
        """
        ways: dict[FunctionKey, tuple[int, ...]] = {key: ()}
        waiting = deque([key])
        while waiting and len(ways) < _MOST_ABOVE:
            here = waiting.popleft()
            for caller, span in self._one_up(here):
                if caller not in ways:
                    ways[caller] = (span.line, span.column, *ways[here])
                    waiting.append(caller)
        return ways

    def _one_up(self, key: FunctionKey) -> Iterator[tuple[FunctionKey, Span]]:
        for path, index in self.callers(key):
            file = self._graph.program.file(path)
            if file is not None:
                call = file.calls[index]
                yield (path, file.facts.blocks[call.block].function), call.span

    def is_begun(self, key: FunctionKey) -> bool:
        """Whether a library or the language itself calls a function: decorated, special, of a library's class."""
        file = self._graph.program.file(key[0])
        if file is None or key[1] == 0:
            return True
        facts = file.function(key[1])
        if facts.decorators or facts.name.startswith("<") or (facts.name.startswith("__") and facts.name != "__init__"):
            return True
        return facts.cls >= 0 and bool(self._graph.evaluator.members.library_bases(file.path, facts.cls))

    def is_spoken(self, key: FunctionKey) -> bool:
        """Whether calls may mean a function that nothing ties to it: something of its name is used somewhere."""
        file = self._graph.program.file(key[0])
        name = file.function(key[1]).name if file is not None else ""
        return name == "__init__" or self._is_spoken(name)

    def _is_spoken(self, name: str) -> bool:
        head = f"{name.partition('_')[0]}_*" if "_" in name else name
        words = (self._words(file) for file in self._graph.program.opened.values())
        return any(name in spoken or head in spoken for spoken in words)

    def _words(self, file: FileIndex) -> frozenset[str]:
        """Every name that a file uses, other than by defining it; ``on_*`` where members are looked up by a prefix."""
        known = self._spoken.get(file.path)
        if known is None:
            found: set[str] = set(file.facts.exports)
            for call in file.calls:
                _collect(call.callee, found)
                for argument in call.arguments:
                    _collect(argument.value, found)
                    found |= _begun_with(argument.value) if leaf_of(call.callee) == "getattr" else set()
            for binding in file.facts.bindings:
                if binding.value is not None:
                    _collect(binding.value, found)
            for jump in file.facts.jumps:
                if jump.value is not None:
                    _collect(jump.value, found)
            known = self._spoken[file.path] = frozenset(found)
        return known


def _begun_with(name: Expr) -> set[str]:
    """The prefix of a name that is put together: ``"on_" + event``, ``f"on_{event}"``."""
    parts = name.parts if isinstance(name, Text) else (name.left,) if isinstance(name, Binary) else ()
    first = parts[0] if parts else None
    text = first.value if isinstance(first, Const) else None
    return {f"{text}*"} if isinstance(text, str) and text.endswith("_") else set()


def _collect(expr: Expr, found: set[str]) -> None:
    """Names and members used in an expression; a text may name a function too (``"tasks.send"``)."""
    waiting = [expr]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Name):
            found.add(here.id)
        elif isinstance(here, Attribute):
            found.add(here.name)
            waiting.append(here.of)
        elif isinstance(here, Const) and isinstance(here.value, str) and len(here.value) < 200:
            found.add(here.value.rpartition(".")[2].rpartition(":")[2])
        elif isinstance(here, Sequence):
            waiting += here.items
        elif isinstance(here, Mapping):
            waiting += [part for pair in here.items for part in pair if part is not None]
        elif isinstance(here, Choice):
            waiting += here.options
        elif isinstance(here, Binary):
            waiting += (here.left, here.right)
        elif isinstance(here, Item):
            waiting += (here.of, here.key)
        elif isinstance(here, (CallRef, Closure)):
            continue
