"""A call turned into another expression: awaited, on a thread, handed over for later."""

from __future__ import annotations

from itertools import islice

import libcst as cst

from .arguments import with_argument
from .refusal import RefusedError
from .tree import Target, Tree

_BINDS_TIGHTER = (cst.Attribute, cst.Subscript, cst.Call)


def check_awaitable(tree: Tree, call: Target) -> None:
    """Raise RefusedError where a call may not be awaited."""
    if isinstance(tree.parent(call), cst.Await):
        raise RefusedError("it is awaited already")
    inside: cst.CSTNode = call
    for node in tree.around(call):
        if isinstance(node, cst.GeneratorExp | cst.Lambda):
            raise RefusedError("it stands in a generator or lambda, which cannot await")
        if isinstance(node, cst.FunctionDef):
            if node.asynchronous is None or inside is not node.body:
                raise RefusedError("it does not stand in the body of a coroutine")
            return
        if isinstance(node, cst.ClassDef):
            break
        inside = node
    raise RefusedError("it does not stand in the body of a coroutine")


def check_whole(tree: Tree, call: Target) -> None:
    """Raise RefusedError where the work is done after the call: it is iterated or entered."""
    parent = tree.parent(call)
    if isinstance(parent, cst.WithItem):
        raise RefusedError("it is entered by `with`, and what follows would still block")
    iterated = isinstance(parent, cst.For | cst.CompFor) and parent.iter is call
    if iterated or isinstance(parent, cst.From | cst.StarredElement):
        raise RefusedError("its result is read piece by piece, which would still block")


def check_result(tree: Tree, call: Target) -> None:
    """Raise RefusedError where the result may itself be awaited: ``await maybe(call())``."""
    argument, outer, around = (*islice(tree.around(call), 3), None, None, None)[:3]
    alone = isinstance(argument, cst.Arg) and isinstance(outer, cst.Call) and len(outer.args) == 1
    if alone and isinstance(around, cst.Await):
        raise RefusedError("what it gives is awaited")


def check_discarded(tree: Tree, call: Target) -> None:
    """Raise RefusedError where somebody uses the result of a call."""
    if not isinstance(tree.parent(call), cst.Expr):
        raise RefusedError("its result is used")


def in_thread(call: cst.Call, run: str) -> cst.Call:
    """``run(callee, *arguments)``."""
    return cst.Call(
        func=cst.parse_expression(run),
        args=with_argument(call, cst.Arg(call.func), 0),
        whitespace_before_args=call.whitespace_before_args,
        lpar=call.lpar,
        rpar=call.rpar,
    )


def deferred(call: cst.Call, to: str, partial: str) -> cst.Call:
    """``to(partial(callee, *arguments))``, or ``to(callee)`` when there are no arguments."""
    inner = in_thread(call.with_changes(lpar=[], rpar=[]), partial) if call.args else call.func
    return cst.Call(func=cst.parse_expression(to), args=[cst.Arg(inner)], lpar=call.lpar, rpar=call.rpar)


def with_callee(call: cst.Call, callee: str) -> cst.Call:
    """The call of another function, or, after a dot, of another member of the same object."""
    if not callee.startswith("."):
        return call.with_changes(func=cst.parse_expression(callee))
    func = cst.ensure_type(call.func, cst.Attribute)
    return call.with_changes(func=func.with_changes(attr=cst.Name(callee[1:])))


def awaited(call: cst.Call, parent: cst.CSTNode | None) -> cst.Await:
    """The call awaited, in parentheses where what follows would otherwise be awaited too."""
    lpar, rpar = call.lpar, call.rpar
    if isinstance(parent, _BINDS_TIGHTER) and not lpar:
        lpar, rpar = [cst.LeftParen()], [cst.RightParen()]
    return cst.Await(call.with_changes(lpar=[], rpar=[]), lpar=lpar, rpar=rpar)
