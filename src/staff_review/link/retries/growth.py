"""Whether a pause between attempts grows, is the same every time, or is drawn at random."""

from __future__ import annotations

from ...nouns.facts import Attribute, Binary, CallRef, Choice, Const, Expr, Name, Sequence, Unary
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown

_RANDOM = ("random", "uniform", "jitter", "randint", "randrange", "expovariate", "triangular", "secrets")
_KEEPING = frozenset({"min", "max", "float", "int", "round", "pow", "abs", "timedelta"})
"""Calls that give back a number as large as what they are given."""
_GROWING = frozenset({"*", "**", "<<", "+"})
_DEEP = 4


def is_random(file: FileIndex, index: int, expr: Expr) -> bool:
    """Whether a pause has a random part, in its own expression or in what its names were set to in the function."""
    text = shown(file, expr).lower() + _arguments(file, expr)
    function = file.facts.blocks[file.calls[index].block].function
    for binding in file.bindings_in.get(function, ()):
        if isinstance(binding.target, Name) and binding.target.id.lower() in text and binding.value is not None:
            text += " " + shown(file, binding.value).lower() + _arguments(file, binding.value)
    return any(word in text for word in _RANDOM)


def _arguments(file: FileIndex, expr: Expr, depth: int = 0) -> str:
    """The arguments of the calls in an expression, as text."""
    if isinstance(expr, CallRef) and depth < _DEEP:
        given = [one.value for one in file.calls[expr.index].arguments]
        return " ".join(["", *(shown(file, one).lower() + _arguments(file, one, depth + 1) for one in given)])
    if isinstance(expr, Binary) and depth < _DEEP:
        return _arguments(file, expr.left, depth + 1) + _arguments(file, expr.right, depth + 1)
    return ""


def grows(file: FileIndex, loop: int, expr: Expr, depth: int = 0) -> bool:
    """Whether an expression becomes larger with the rounds of a loop."""
    if depth > _DEEP:
        return False
    if isinstance(expr, Binary):
        parts = (expr.left, expr.right) if expr.op in _GROWING else (expr.left,) if expr.op in ("-", "/", "//") else ()
        return any(grows(file, loop, one, depth + 1) for one in parts)
    if isinstance(expr, CallRef):
        call = file.calls[expr.index]
        kept = leaf_of(call.callee) in _KEEPING
        return kept and any(grows(file, loop, one.value, depth + 1) for one in call.arguments)
    if isinstance(expr, Choice):
        return any(grows(file, loop, one, depth + 1) for one in expr.options)
    if isinstance(expr, Unary):
        return grows(file, loop, expr.of, depth + 1)
    return isinstance(expr, Name) and _name_grows(file, loop, expr, depth)


def _name_grows(file: FileIndex, loop: int, name: Name, depth: int) -> bool:
    block = file.facts.blocks[loop]
    if block.form == "for" and mentions(file, block.target, {name.id}):
        return isinstance(block.subject, CallRef) or _ascends(block.subject)
    for binding in file.bindings_in.get(block.function, ()):
        if binding.target != name or binding.value is None or not file.inside(binding.block, loop):
            continue
        if binding.how == "augment" and binding.op in ("+", "*", "**", "<<"):
            return True
        if _mentions(file, binding.value, name) or grows(file, loop, binding.value, depth + 1):
            return not isinstance(binding.value, Name)
    return False


def _mentions(file: FileIndex, value: Expr, name: Name) -> bool:
    """Whether a name is reckoned from what it was: ``delay = min(delay * 2, 60)``, but not ``delay = float(delay)``."""
    if isinstance(value, CallRef):
        call = file.calls[value.index]
        kept = leaf_of(call.callee) in _KEEPING
        return kept and any(_mentions(file, argument.value, name) for argument in call.arguments)
    return isinstance(value, Binary) and mentions(file, value, {name.id})


def _ascends(subject: Expr | None) -> bool:
    """Whether a loop runs over numbers written down in growing order: ``for pause in (1, 2, 4)``."""
    if not isinstance(subject, Sequence):
        return False
    numbers = [item.value for item in subject.items if isinstance(item, Const) and isinstance(item.value, (int, float))]
    return len(numbers) == len(subject.items) > 1 and numbers == sorted(numbers) and numbers[0] < numbers[-1]


def uncut_power(expr: Expr) -> Expr | None:
    """The exponent of a power inside an expression that nothing cuts down on the way."""
    if isinstance(expr, Binary):
        if expr.op in ("**", "<<") and not isinstance(expr.right, Const):
            return expr.right
        return uncut_power(expr.left) or uncut_power(expr.right)
    return None


def doubled(file: FileIndex, loop: int, expr: Expr) -> Expr | None:
    """A name that a loop multiplies by itself: ``delay *= 2``."""
    for binding in file.bindings_in.get(file.facts.blocks[loop].function, ()):
        if not isinstance(expr, Name) or binding.target != expr or not file.inside(binding.block, loop):
            continue
        value = binding.value
        if isinstance(value, Binary) and value.op == "*" and expr in (value.left, value.right):
            return expr
        if binding.how == "augment" and isinstance(value, Const) and isinstance(value.value, (int, float)):
            return expr if value.value > 1 and binding.op == "*" else None
    return None


def is_plain(expr: Expr) -> bool:
    """Whether an expression is a number that is written down or kept somewhere, and nothing that a call gives."""
    return isinstance(expr, (Const, Name, Attribute, Binary, Unary))
