"""One file as a tree in which calls are found by their place, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ..nouns.findings import Edit
from ..nouns.source import Span
from .bindings import Bound, bound_in, dotted, imports_in
from .refusal import RefusedError

Target: TypeAlias = cst.Call | cst.Name | cst.Attribute
"""A call, or what stands behind the @ of a decorator without parentheses."""


class _Parents(cst.CSTVisitor):
    """The node around each; libcst's own provider walks the children of every node once more, twice as long."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[cst.CSTNode, cst.CSTNode] = {}
        self._open: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._open:
            self.of[node] = self._open[-1]
        self._open.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:  # noqa: ARG002 - libcst's name for it
        self._open.pop()

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing: the default looks for a method of that name, each time."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing, as above."""


class Tree:
    """A parsed module; nodes are looked up, never changed."""

    def __init__(self, module: cst.Module) -> None:
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.module = module
        parents = _Parents()
        module.visit(parents)
        self._parents = parents.of
        self._places: dict[Span, Target] = {}
        self._decorators: dict[tuple[int, int], Target] = {}  # by the place of their @
        for node, at in wrapper.resolve(PositionProvider).items():
            if isinstance(node, cst.Call):
                self._places[Span(at.start.line, at.start.column + 1, at.end.line, at.end.column + 1)] = node
            elif isinstance(node, cst.Decorator) and isinstance(node.decorator, cst.Name | cst.Attribute):
                self._decorators[at.start.line, at.start.column + 1] = node.decorator

    @cached_property
    def bound(self) -> set[str]:
        """The names that its code gives a value, anywhere."""
        return bound_in(self.module)

    @cached_property
    def imports(self) -> list[Bound]:
        """What all its imports bind."""
        return imports_in(self.module)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around another."""
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around another, innermost first."""
        here = self._parents.get(node)
        while here is not None:
            yield here
            here = self._parents.get(here)

    def scopes(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The functions around a node."""
        return [one for one in self.around(node) if isinstance(one, (cst.FunctionDef, cst.Lambda))]

    def target(self, edit: Edit) -> Target:
        """The node that an edit is about; raises RefusedError when something else stands there."""
        span = edit.place.span
        found = self._places.get(span) or self._decorators.get((span.line, span.column))
        if found is None:
            raise RefusedError("no call stands there")
        if leaf_of(found) != edit.call.rpartition(".")[2]:
            raise RefusedError(f"what stands there does not call `{edit.call}` itself")
        return found


def leaf_of(node: Target) -> str:
    """The last name of a callee, "" where it has none."""
    callee = node.func if isinstance(node, cst.Call) else node
    return callee.attr.value if isinstance(callee, cst.Attribute) else dotted(callee)


def root_of(node: Target) -> str:
    """The first name of a callee, "" where it has none."""
    callee: cst.BaseExpression = node.func if isinstance(node, cst.Call) else node
    while isinstance(callee, cst.Attribute):
        callee = callee.value
    return dotted(callee)
