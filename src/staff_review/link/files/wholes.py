"""Which files belong together because they import each other: in a repository of several services, one body each."""

from __future__ import annotations

from .program import Program


def wholes_of(program: Program) -> dict[str, str]:
    """For each opened file, the first file by name of all those that imports tie to it, however many steps away."""
    above: dict[str, str] = {}

    def top(path: str) -> str:
        while above.get(path, path) != path:
            above[path] = above.get(above[path], above[path])
            path = above[path]
        return path

    for target, importers in program.imports.importers.items():
        for path in importers:
            one, other = sorted((top(path), top(target)))
            above[other] = one
    return {path: top(path) for path in sorted(program.opened)}
