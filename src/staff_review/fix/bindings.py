"""Which names of a file mean what: its imports at the top, and whatever else gives a name a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

_TARGETS: dict[type[cst.CSTNode], str] = {
    cst.AssignTarget: "target",
    cst.AnnAssign: "target",
    cst.AugAssign: "target",
    cst.NamedExpr: "target",
    cst.For: "target",
    cst.CompFor: "target",
    cst.AsName: "name",
    cst.Param: "name",
    cst.FunctionDef: "name",
    cst.ClassDef: "name",
    cst.MatchAs: "name",
    cst.MatchStar: "name",
    cst.MatchMapping: "rest",
    cst.NameItem: "name",  # of global and nonlocal
}
"""Where a node that gives names a value holds them."""


class _Binders(cst.CSTVisitor):
    """Collects the names that a piece of code gives a value, in any way and however deep; a little too many at most."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.imports: list[Bound] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Import | cst.ImportFrom):
            self.imports += imported(node)
        elif type(node) in _TARGETS:
            self._target(getattr(node, _TARGETS[type(node)]))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Nothing: the default looks for a method by the name of the node, each time."""

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing, as above."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing, as above."""

    def _target(self, node: cst.CSTNode | None) -> None:
        if isinstance(node, cst.Name):
            self.names.add(node.value)
        elif isinstance(node, cst.Tuple | cst.List):
            for element in node.elements:
                self._target(element.value)


def bound_in(node: cst.CSTNode) -> set[str]:
    """The names that a piece of code gives a value."""
    found = _Binders()
    node.visit(found)
    return found.names | {one.name for one in found.imports}


def imports_in(node: cst.CSTNode) -> list[Bound]:
    """What all imports in a piece of code bind, however deep."""
    found = _Binders()
    node.visit(found)
    return found.imports


class Bound(NamedTuple):
    """A name that an import gives a value: the dotted path it leads to, and how that path is written with it."""

    name: str
    path: str
    written: str


def imported(node: cst.Import | cst.ImportFrom) -> Iterator[Bound]:
    """What an import binds; the paths of relative ones start with dots."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            path, name = dotted(alias.name), alias.evaluated_alias
            yield Bound(name or path.partition(".")[0], path, name or path)
    elif not isinstance(node.names, cst.ImportStar):
        for alias in node.names:
            name = alias.evaluated_alias or alias.evaluated_name
            yield Bound(name, f"{module_of(node)}.{alias.evaluated_name}", name)


def module_of(node: cst.ImportFrom) -> str:
    """The module that names are taken from, with its dots when it is relative."""
    return "." * len(node.relative) + (dotted(node.module) if node.module is not None else "")


def dotted(node: cst.BaseExpression) -> str:
    """``a.b.c`` as text."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def top_imports(module: cst.Module) -> Iterator[tuple[cst.SimpleStatementLine, cst.Import | cst.ImportFrom]]:
    """The imports that stand alone on a line of the module itself: they hold for all code below."""
    for statement in module.body:
        if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
            only = statement.body[0]
            if isinstance(only, (cst.Import, cst.ImportFrom)):
                yield statement, only
