"""The edits of one file, checked one by one, then carried out in one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias, cast

import libcst as cst

from ..nouns.findings import DeferCall, Edit, KeepTask, RemoveArguments, ReplaceCallee, RunInThread, SetArguments
from . import arguments, shapes, tasks
from .imports import with_imports
from .refusal import RefusedError
from .symbols import Needs, Symbols, without_holes
from .tree import Target, Tree, root_of

Step: TypeAlias = Callable[[cst.Call], cst.BaseExpression]
"""Makes another expression of a call."""

_RUN = "{asyncio.to_thread}"
_PARTIAL = "{functools.partial}"


class Plan:
    """What is to be done at which node; an edit is checked whole before anything of it is noted."""

    def __init__(self, tree: Tree, limit: float) -> None:
        self._tree = tree
        self._symbols = Symbols(tree, limit)
        self._needs = Needs()
        self._steps: dict[Target, list[tuple[int, Step]]] = {}
        self._claimed: set[tuple[Target, str]] = set()
        self._gone: set[cst.CSTNode] = set()  # nodes that an edit takes away
        self._named: dict[cst.SimpleStatementLine, str] = {}
        self._with_set = False

    def conflicts(self, edit: Edit) -> bool:
        """Whether an edit meets one that is planned; raises RefusedError where it has no place at all."""
        node = self._tree.target(edit)
        if any((node, claim) in self._claimed for claim in _claims(edit)):
            return True
        if any(one in self._gone for one in self._tree.around(node)):
            return True
        lost = set(self._replaced(node, edit))
        return any(lost.intersection(self._tree.around(other)) for other in self._touched())

    def _touched(self) -> Iterable[cst.CSTNode]:
        return (*self._steps, *self._named)

    def add(self, edit: Edit) -> None:
        """Plan an edit that conflicts with none; raises RefusedError when it cannot be made."""
        node = self._tree.target(edit)
        needs = Needs()
        step = self._step(edit, node, needs)
        self._needs.merge(needs)
        if step is not None:
            self._steps.setdefault(node, []).append((_ORDER[type(edit)], step))
        self._gone.update(self._replaced(node, edit))
        self._claimed.update((node, claim) for claim in _claims(edit))

    def _replaced(self, node: Target, edit: Edit) -> Iterable[cst.CSTNode]:
        """The arguments that an edit overwrites or takes away."""
        if not isinstance(node, cst.Call) or not isinstance(edit, SetArguments | RemoveArguments):
            return
        position = edit.position if isinstance(edit, SetArguments) else None
        for name in _names(edit):
            index = arguments.written_at(node, name, position)
            if index is not None:
                yield node.args[index]

    def _step(self, edit: Edit, node: Target, needs: Needs) -> Step | None:
        tree = self._tree

        def code(text: str) -> str:
            return self._symbols.filled(text, tree.scopes(node), needs, root_of(node))

        if isinstance(edit, SetArguments):
            return self._giving(edit, node, code(edit.arguments))
        if not isinstance(node, cst.Call):
            raise RefusedError("no call stands there")
        if isinstance(edit, RemoveArguments):
            names = edit.names
            if all(arguments.written_at(node, name, None) is None for name in names):
                raise RefusedError("the argument is not written here")
            return lambda call: arguments.without_arguments(call, names)
        if isinstance(edit, ReplaceCallee):
            return self._calling(edit, node, edit.callee if edit.callee.startswith(".") else code(edit.callee))
        if isinstance(edit, RunInThread):
            shapes.check_awaitable(tree, node)
            shapes.check_whole(tree, node)
            shapes.check_result(tree, node)
            run = code(_RUN)
            return lambda call: shapes.awaited(shapes.in_thread(call, run), tree.parent(node))
        if isinstance(edit, DeferCall):
            shapes.check_discarded(tree, node)
            to, partial = code(edit.to), code(_PARTIAL) if node.args else ""
            return lambda call: shapes.deferred(call, to, partial)
        self._keep(node)
        return None

    def _giving(self, edit: SetArguments, node: Target, text: str) -> Step:
        given = arguments.parsed(text)
        if isinstance(node, cst.Call):
            names = [arguments.name_of(one) for one in given]
            written = [name for name in names if arguments.written_at(node, name, edit.position) is not None]
            if written and not edit.replaces:
                raise RefusedError(f"`{written[0]}` is given already")
            if len(written) < len(names):
                arguments.check_room(node)
        return lambda call: arguments.with_arguments(call, given, edit.position)

    def _calling(self, edit: ReplaceCallee, node: cst.Call, callee: str) -> Step:
        if callee.startswith(".") and not isinstance(node.func, cst.Attribute):
            raise RefusedError("it is not called on an object")
        if not edit.awaited:
            return lambda call: shapes.with_callee(call, callee)
        shapes.check_awaitable(self._tree, node)
        return lambda call: shapes.awaited(shapes.with_callee(call, callee), self._tree.parent(node))

    def _keep(self, node: cst.Call) -> None:
        line = tasks.check_statement(self._tree, node)
        there = tasks.check_set(self._tree)
        self._named[line] = tasks.name_for_task(self._tree, node)
        self._with_set = self._with_set or not there

    def carried_out(self) -> cst.Module:
        """The module with everything done that was planned."""
        if not self._steps and not self._named:
            return self._tree.module
        way = {one for node in self._touched() for one in (node, *self._tree.around(node))}
        changed = cst.ensure_type(self._tree.module.visit(_Walk(self._steps, self._named, way)), cst.Module)
        changed = with_imports(changed, self._needs)
        return tasks.with_set(changed) if self._with_set else changed


_ORDER: dict[type[Edit], int] = {
    SetArguments: 0, RemoveArguments: 0, ReplaceCallee: 1, RunInThread: 2, DeferCall: 2, KeepTask: 3,
}  # fmt: skip


def _names(edit: SetArguments | RemoveArguments) -> Sequence[str]:
    if isinstance(edit, RemoveArguments):
        return edit.names
    return [arguments.name_of(one) for one in arguments.parsed(without_holes(edit.arguments))]


def _claims(edit: Edit) -> Sequence[str]:
    """What of a call an edit changes; two that change the same are in conflict."""
    return _names(edit) if isinstance(edit, SetArguments | RemoveArguments) else ("",)


class _Walk(cst.CSTTransformer):
    """Carries out the steps at their nodes, inner ones first."""

    def __init__(
        self,
        steps: dict[Target, list[tuple[int, Step]]],
        named: dict[cst.SimpleStatementLine, str],
        way: set[cst.CSTNode],
    ) -> None:
        super().__init__()
        self._steps = steps
        self._named = named
        self._way = way

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Whether something is to be done further down: all else stays as it is."""
        return node in self._way

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        return self._done(original_node, updated_node)  # type: ignore[return-value]  # a call may become another node

    def _done(self, original: cst.CSTNode, updated: cst.CSTNode) -> object:
        if isinstance(original, cst.SimpleStatementLine) and original in self._named:
            line = cst.ensure_type(updated, cst.SimpleStatementLine)
            return cst.FlattenSentinel(tasks.kept(line, self._named[original]))
        if not isinstance(original, Target) or original not in self._steps:
            return updated
        # Only a decorator's own expression is a target without being a call: arguments make it one.
        done = updated if isinstance(updated, cst.Call) else cst.Call(func=cast(cst.BaseExpression, updated))
        for _, step in sorted(self._steps[original], key=lambda one: one[0]):
            done = cast(cst.Call, step(done))  # only the last step makes something else of a call
        return done
