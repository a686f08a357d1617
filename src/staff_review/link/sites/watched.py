"""What a person runs and looks on: commands, scripts, programs that come to an end. Nobody else waits for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.entries import EntryRef
from ...nouns.functions import FunctionRef
from ...nouns.project import Retry
from ...nouns.source import Place
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.branches import as_program
from ..files.modules import is_hidden
from ..files.wholes import wholes_of
from . import Sites

_SCRIPTS = frozenset({"cli", "script", "scripts", "bin"})
"""Folders and files of what somebody starts by hand; tools may be what a program itself works with."""
_TOOLS = frozenset({"tool", "tools"})
"""Folders of what developers run beside a program, and of what it works with itself."""
_TALKS = ("print", "input")
"""What writes to a terminal and reads from it; what serves writes to a log."""
_ASKS = ("input",)


class Watched:
    """Tells what runs only while a person looks on."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(
        self, entries: tuple[EntryRef, ...], reached_by: dict[FunctionRef, EntryRef], retries: tuple[Retry, ...]
    ) -> frozenset[FunctionRef]:
        """The functions that only such work leads to, and those of scripts that nothing which serves leads to."""
        wholes, tried = wholes_of(self._graph.program), frozenset(retry.place for retry in retries)
        serving = {wholes.get(one.function.path) for one in entries if one.is_served}
        going_on = {entry for function, entry in reached_by.items() if self._goes_on(function, tried)}
        ended = {one for one, entry in reached_by.items() if self._is_by_hand(entry, wholes, serving)}
        kept = {one for one in ended if reached_by[one] not in going_on}
        tools = (one for one in self._among_tools() if one not in reached_by)
        scripts = (one for one in self._lying_there() if one not in reached_by or not reached_by[one].is_served)
        return frozenset(kept.union(scripts, tools, self._by_themselves()))

    def _is_by_hand(self, entry: EntryRef, wholes: dict[str, str], serving: set[str | None]) -> bool:
        """Whether a person starts it: in a program that serves, what can be run too may be a part of it, if silent."""
        path = entry.function.path
        if entry.kind == "program" and wholes.get(path) in serving:
            if self._is_tool(path):
                return True
            return bool(self._blocks(path, entry.function.index, _TALKS) or self._blocks(path, 0, _TALKS))
        return entry.kind in ("command", "program")

    def _is_tool(self, path: str) -> bool:
        """Whether a file lies among tools and nothing imports it: what a program itself works with, it imports."""
        return not _TOOLS.isdisjoint(path.split("/")[:-1]) and not self._graph.program.imports.importers.get(path)

    def _among_tools(self) -> Iterator[FunctionRef]:
        """The functions of tools that can be started: others may be loaded by a name that nobody sees."""
        for path in filter(self._is_tool, self._graph.program.opened):
            file = self._graph.program.opened[path]
            if any(as_program(file, number) for number in file.blocks_in.get(0, ())):
                yield from (self._sites.function((path, number)) for number in range(len(file.facts.functions)))

    def _by_themselves(self) -> Iterator[FunctionRef]:
        """The bodies of files that talk to a terminal and are imported by nobody."""
        for path in self._graph.program.opened:
            if not self._graph.program.imports.importers.get(path) and self._blocks(path, 0, _TALKS):
                yield self._sites.function((path, 0))

    def _blocks(self, path: str, function: int, words: tuple[str, ...]) -> list[int]:
        """The blocks of a function that call one of these."""
        file = self._graph.program.opened[path]
        found = (file.calls[index].block for word in words for index in file.by_leaf.get(word, ()))
        return [block for block in found if file.facts.blocks[block].function == function]

    def _lying_there(self) -> Iterator[FunctionRef]:
        """What the layout of the program alone says is run by hand, or cannot be imported at all."""
        every = frozenset(self._graph.program.shelf.paths())
        for path in self._graph.program.opened:
            if not _is_script(path) and not is_hidden(path, every):
                continue
            for number in range(len(self._graph.program.opened[path].facts.functions)):
                yield self._sites.function((path, number))

    def _goes_on(self, function: FunctionRef, tried: frozenset[Place]) -> bool:
        """Whether a function goes round for ever, and not as another attempt: whoever starts that walks away."""
        file = self._graph.program.opened[function.path]
        loops = [one for one in file.blocks_in.get(function.index, ()) if file.facts.blocks[one].kind == "loop"]
        asked = self._blocks(function.path, function.index, _ASKS) if loops else []
        alone = (one for one in loops if not any(file.inside(block, one) for block in asked))
        found = (self._contexts.of(file, one).loops[0] for one in alone)
        return any(loop.form == "endless" and loop.place not in tried for loop in found)


def _is_script(path: str) -> bool:
    """Whether a file lies where people keep what they run themselves, or is called so."""
    folders, _, name = path.rpartition("/")
    return not _SCRIPTS.isdisjoint((*re.split(r"[/_-]", folders), name.partition(".")[0]))
