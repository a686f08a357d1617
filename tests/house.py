"""The plan of the house: which module stands on which floor, and what each imports, reads and says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "staff_review"

WORKERS = {"checks", "fix", "frontends", "host", "link", "load", "persona", "report", "topology", "triage"}
DOORS = {"__main__", "cli", "lsp", "prove"}
FLOORS = {
    "": 0,  # the package itself holds the version and nothing else
    "nouns": 1, **dict.fromkeys(WORKERS, 2), "hall": 3, **dict.fromkeys(DOORS, 4),
}
LAZY = re.compile(r"(cli|lsp|hall\.(claims|commenting|review))(\..+)?")
"""Where an import may stand in a function, for a fast start."""


@dataclass(frozen=True)
class Imported:
    """One import: what it names, where, in a function or not, for type checkers only or not."""

    target: str  # a module of ours without the package's name ("" for the package), or a foreign one's full name
    ours: bool
    line: int
    lazy: bool
    guarded: bool

    @property
    def room(self) -> str:
        """The first part of the target."""
        return self.target.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of the product."""

    path: Path
    top: Path = SOURCE

    @property
    def name(self) -> str:
        """Its dotted name without the package's, "" for the package itself."""
        parts = self.path.relative_to(self.top).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        """The folder of nouns, of a worker or of the hall, or the door, that it is or belongs to."""
        return self.name.partition(".")[0]

    @cached_property
    def text(self) -> str:
        """What it says."""
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function, methods and nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @cached_property
    def imports(self) -> list[Imported]:
        """Every import of the file, one for each module that it names."""
        lazy = {id(node) for function in self.functions for node in ast.walk(function)}
        guarded = {
            id(node)
            for branch in ast.walk(self.tree)
            if isinstance(branch, ast.If) and ast.unparse(branch.test).endswith("TYPE_CHECKING")
            for statement in branch.body
            for node in ast.walk(statement)
        }
        return [
            Imported(target, ours, node.lineno, id(node) in lazy, id(node) in guarded)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for target, ours in self._targets(node)
        ]

    def _targets(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, bool]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _without_package(alias.name)
            return
        if not node.level:
            yield _without_package(node.module or "")
            return
        folder = self.path.parent
        for _ in range(node.level - 1):
            folder = folder.parent
        start = [*folder.relative_to(self.top).parts, *(node.module or "").split(".")]
        stem = ".".join(part for part in start if part)
        for alias in node.names:
            inner = f"{stem}.{alias.name}" if stem else alias.name
            # `from .link import names` may name a module inside, or something that the package itself holds.
            yield (inner if inner in _names(self.top) else stem), True

    def strings(self) -> Iterator[tuple[int, str]]:
        """The texts of the code with their lines, without docstrings."""
        documentation = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                yield node.lineno, node.value


def _without_package(name: str) -> tuple[str, bool]:
    package, _, inner = name.partition(".")
    return (inner, True) if package == SOURCE.name else (name, False)


@cache
def _names(top: Path) -> frozenset[str]:
    return frozenset(Module(path, top).name for path in top.rglob("*.py"))


def modules(top: Path = SOURCE) -> list[Module]:
    """All files of the product, sorted."""
    return [Module(path, top) for path in sorted(top.rglob("*.py"))]


def wrong_way(module: Module) -> Iterator[str]:
    """The imports that go up, sideways, hide in a function, or look away from a cycle."""
    for one in module.imports:
        place = f"{module.name}:{one.line}"
        if one.lazy and not LAZY.fullmatch(module.name):
            yield f"{place} imports `{one.target}` inside a function"
        if not one.ours or one.room == module.room:
            continue
        here, there = FLOORS[module.room], FLOORS[one.room]
        if there > here or (there == here and module.room in WORKERS):
            yield f"{place} imports `{one.target}`, which is not below it"
        if one.guarded and module.room not in DOORS:
            yield f"{place} imports `{one.target}` only for types, across rooms"


def cycles(files: list[Module]) -> list[list[str]]:
    """Rings of modules that import each other when they are loaded, each ring sorted."""
    return _rings({
        module.name: {one.target for one in module.imports if one.ours and not one.lazy and not one.guarded}
        for module in files
    })


def circles(files: list[Module], worker: str) -> list[list[str]]:
    """Rings of folders of a worker whose modules import each other, for whatever reason."""
    edges: dict[str, set[str]] = {}
    for module in files:
        if module.name.count(".") and module.room == worker:
            here = _folder(module.name)
            edges.setdefault(here, set()).update(
                there for one in module.imports if one.ours and one.room == worker
                for there in (_folder(one.target),) if there not in (here, worker)
            )
    return _rings(edges)


def _folder(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _rings(edges: dict[str, set[str]]) -> list[list[str]]:
    reached = {name: _reached(name, edges) for name in edges}
    rings = {tuple(sorted(n for n in found if name in reached[n])) for name, found in reached.items() if name in found}
    return [list(ring) for ring in sorted(rings)]


def _reached(start: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += edges.get(name, ())
    return found
