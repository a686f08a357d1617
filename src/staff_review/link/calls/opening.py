"""Which files matter for the system besides those with calls: routes, consumers and tasks; and who imports whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...nouns.acts import Act
from ...nouns.entries import SERVED
from ...nouns.facts import Const
from ...nouns.libraries import Libraries
from ..files.program import Program
from .graph import Graph

_APPLICATION = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*(?:\(\))?")
"""How servers are told which application to run: ``shop.web:app``."""


def open_entries(graph: Graph, libraries: Libraries, language: str) -> None:
    """Open every file that imports a library through which peers reach the program."""
    roots = {
        root
        for library in libraries
        if library.language == language
        for entry in library.entry
        if entry.kind in SERVED
        for name in entry.names
        if (root := name.partition(".")[0]).isidentifier()
    }
    renamed = {pair for library in libraries if library.language == language for pair in library.alias.items()}
    roots |= {old.partition(".")[0] for old, new in renamed if new.partition(".")[0] in roots}
    for path in sorted(graph.program.shelf.paths()):
        imported = {line.lstrip(".").partition(":")[0].partition(".")[0] for line in graph.program.shelf.imports(path)}
        if roots & imported or any("_pb2_grpc" in line for line in graph.program.shelf.imports(path)):
            graph.open(path)


def imports_of(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Each file and the files of the program that it imports, or has a server import by name."""
    program = graph.program
    paths = frozenset(program.shelf.paths())
    return {
        path: tuple(
            dict.fromkeys(
                (
                    *(one for line in program.shelf.imports(path) for one in _meant(program, path, line, paths)),
                    *_served(graph, path),
                )
            )
        )
        for path in sorted(paths)
    }


def _served(graph: Graph, path: str) -> Iterator[str]:
    """The files of the applications that a file has a server run by their names (``run("shop.web:app")``)."""
    program = graph.program
    for index in graph.library_calls_of(path):
        if not any(Act.SERVE in program.catalog.does(one.path) for one in graph.of(path, index)):
            continue
        for argument in program.opened[path].calls[index].arguments:
            text = argument.value.value if isinstance(argument.value, Const) else None
            named = _APPLICATION.fullmatch(text) if isinstance(text, str) else None
            found = program.modules.file(named[1], path) if named is not None else None
            if found is not None and found != path:
                yield found


def _meant(program: Program, path: str, line: str, paths: frozenset[str]) -> Iterable[str]:
    """The files that an import means; a script run from its own folder sees the files beside it, package or not."""
    found = list(program.imports.meant(path, line))
    name = line.partition(":")[0]
    folder = path.rpartition("/")[0]
    beside = f"{folder}/{name}.py" if folder else f"{name}.py"
    return found or ([beside] if beside in paths and beside != path else [])
