"""What a person runs and looks on: commands, scripts, programs that come to an end. Nobody else waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.functions import FunctionRef
from ...nouns.project import EntryRef, Retry
from ...nouns.source import Place
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from . import Sites

_SCRIPTS = frozenset({"cli", "script", "scripts", "bin"})
"""Folders and files of what somebody starts by hand; tools may be what a program itself works with."""


class Watched:
    """Tells what runs only while a person looks on."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts

    def find(self, reached_by: dict[FunctionRef, EntryRef], retries: tuple[Retry, ...]) -> frozenset[FunctionRef]:
        """The functions that only such work leads to, and those of scripts that nothing else is known to lead to."""
        tried = frozenset(retry.place for retry in retries)
        serving = {entry for function, entry in reached_by.items() if self._goes_on(function, tried)}
        ended = {one for one, entry in reached_by.items() if _is_by_hand(entry) and entry not in serving}
        return frozenset(ended.union(one for one in self._lying_there() if one not in reached_by))

    def _lying_there(self) -> Iterator[FunctionRef]:
        """What the layout of the program alone says is run by hand."""
        for path in filter(_is_script, self._graph.program.opened):
            for number in range(len(self._graph.program.opened[path].facts.functions)):
                yield self._sites.function((path, number))

    def _goes_on(self, function: FunctionRef, tried: frozenset[Place]) -> bool:
        """Whether a function goes round for ever, and not as another attempt: whoever starts that walks away."""
        file = self._graph.program.opened[function.path]
        loops = (one for one in file.blocks_in.get(function.index, ()) if file.facts.blocks[one].kind == "loop")
        found = (self._contexts.of(file, one).loops[0] for one in loops)
        return any(loop.form == "endless" and loop.place not in tried for loop in found)


def _is_by_hand(entry: EntryRef) -> bool:
    return entry.kind in ("command", "program")


def _is_script(path: str) -> bool:
    """Whether a file lies where people keep what they run themselves, or is called so."""
    *folders, name = path.split("/")
    return not _SCRIPTS.isdisjoint((*folders, name.partition(".")[0]))
