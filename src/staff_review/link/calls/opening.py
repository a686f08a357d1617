"""Which files matter for the system besides those with calls: routes, consumers and tasks; and who imports whom."""

from __future__ import annotations

from collections.abc import Iterable

from ...libraries import Libraries
from ..files.program import Program
from .graph import Graph

_OFFERED = frozenset({"request", "message", "task", "schedule"})


def open_entries(graph: Graph, libraries: Libraries, language: str) -> None:
    """Open every file that imports a library through which peers reach the program."""
    roots = {
        root
        for library in libraries
        if library.language == language
        for entry in library.entry
        if entry.kind in _OFFERED
        for name in entry.names
        if (root := name.partition(".")[0]).isidentifier()
    }
    for path in sorted(graph.program.shelf.paths()):
        imported = {line.lstrip(".").partition(":")[0].partition(".")[0] for line in graph.program.shelf.imports(path)}
        if roots & imported or any("_pb2_grpc" in line for line in graph.program.shelf.imports(path)):
            graph.open(path)


def imports_of(program: Program) -> dict[str, tuple[str, ...]]:
    """Each file and the files of the program that it imports."""
    paths = frozenset(program.shelf.paths())
    return {
        path: tuple(
            dict.fromkeys(one for line in program.shelf.imports(path) for one in _meant(program, path, line, paths))
        )
        for path in sorted(paths)
    }


def _meant(program: Program, path: str, line: str, paths: frozenset[str]) -> Iterable[str]:
    """The files that an import means; a script run from its own folder sees the files beside it, package or not."""
    found = list(program.imported(path, line))
    name = line.partition(":")[0]
    folder = path.rpartition("/")[0]
    beside = f"{folder}/{name}.py" if folder else f"{name}.py"
    return found or ([beside] if beside in paths and beside != path else [])
