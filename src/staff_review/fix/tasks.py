"""A task kept: a set of the module holds it until it is done."""

from __future__ import annotations

import libcst as cst

from .bindings import bound_in
from .refusal import RefusedError
from .tree import Target, Tree

KEPT = "_background_tasks"
_NAMES = ("task", "background_task", "kept_task")


def check_statement(tree: Tree, call: Target) -> cst.SimpleStatementLine:
    """The statement that a call is alone; raises RefusedError when there is more on its line."""
    line = next((node for node in tree.around(call) if isinstance(node, cst.SimpleStatementLine)), None)
    if line is None or len(line.body) != 1 or not isinstance(tree.parent(call), cst.Expr):
        raise RefusedError("it is not a statement of its own")
    return line


def name_for_task(tree: Tree, call: Target) -> str:
    """A name for the task that is free in the functions around; raises RefusedError when there is none."""
    taken = _used_in(tree.scopes(call)[-1] if tree.scopes(call) else tree.module)
    free = next((name for name in _NAMES if name not in taken), None)
    if free is None:
        raise RefusedError("no name is free for the task")
    return free


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Name):
            self.found.add(node.value)
        return True


def _used_in(node: cst.CSTNode) -> set[str]:
    names = _Names()
    node.visit(names)
    return names.found


def check_set(tree: Tree) -> bool:
    """Whether the module already has the set; raises RefusedError when its name is something else."""
    if KEPT not in tree.bound:
        return False
    for statement in tree.module.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign | cst.AnnAssign) and KEPT in bound_in(small):
                value = small.value
                if isinstance(value, cst.Call) and isinstance(value.func, cst.Name) and value.func.value == "set":
                    return True
    raise RefusedError(f"the name `{KEPT}` already means something else here")


def kept(line: cst.SimpleStatementLine, name: str) -> list[cst.BaseStatement]:
    """The statement of a call as three: the task named, put into the set, and taken out when done."""
    call = cst.ensure_type(line.body[0], cst.Expr).value
    first = line.with_changes(body=[cst.Assign([cst.AssignTarget(cst.Name(name))], call)])
    others = (f"{KEPT}.add({name})", f"{name}.add_done_callback({KEPT}.discard)")
    return [first, *(cst.parse_statement(text) for text in others)]


def with_set(module: cst.Module) -> cst.Module:
    """The module with the set behind its imports."""
    body = list(module.body)
    place = 0
    for index, statement in enumerate(body):
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            break
        if _imports(statement):
            place = index + 1
    new = cst.ensure_type(cst.parse_statement(f"{KEPT}: set[object] = set()"), cst.SimpleStatementLine)
    blank = cst.EmptyLine(indent=False)
    body.insert(place, new.with_changes(leading_lines=[blank] if place else []))
    if place + 1 < len(body) and not getattr(body[place + 1], "leading_lines", ()):
        body[place + 1] = body[place + 1].with_changes(leading_lines=[blank])
    return module.with_changes(body=body)


def _imports(statement: cst.CSTNode) -> bool:
    """Whether a statement imports something, also under a condition or in a try."""
    if isinstance(statement, cst.SimpleStatementLine):
        return isinstance(statement.body[0], cst.Import | cst.ImportFrom)
    if isinstance(statement, cst.If | cst.Try):
        return any(_imports(inner) for inner in statement.body.body)
    return False
