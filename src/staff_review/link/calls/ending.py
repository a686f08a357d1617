"""Waits that end at once or by themselves: ``block=False``, a process that was killed or has closed its output."""

from __future__ import annotations

from ...nouns.facts import Attribute, CallRef, Const, Expr, Sequence
from ...nouns.libraries import ArgumentAt, Operation
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import Literal

_NO_TIME = 0.01
"""Seconds: what a thread may rest without anybody being kept waiting, as long as a quick look at a disk."""
_ASKING = frozenset(Const(word) for word in ("--version", "-V", "-h", "--help"))
"""Last words of a command that only tells of itself."""


def ended_by(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation | None) -> str:
    """The name of the argument that ends the wait of a call, or without which there is none; "" when none does."""
    at = operation.waits_if_given if operation is not None else None
    if at is not None and _is_nothing(evaluator, file, index, at):
        return at.argument or ""
    for text in operation.bounded_by if operation is not None else ():
        name, _, value = (part.strip() for part in text.partition("="))
        if _is_passed(evaluator, file, index, name, value.lower()):
            return name
    return ""


def ended_before(file: FileIndex, index: int) -> bool:
    """Whether a limit would end no wait: the process was told to end, has given its output or only says its version.

    So it is with a future whose pool is left here, too: leaving the pool waits for all that it runs.
    """
    call = file.calls[index]
    first = call.arguments[0].value if call.arguments else None
    if isinstance(first, Sequence) and first.items and first.items[-1] in _ASKING:
        return True
    if isinstance(call.callee, Attribute) and call.callee.name == "result":
        return _leaves_pool(file, call.block, call.callee.of)
    if not isinstance(call.callee, Attribute) or call.callee.name not in ("wait", "communicate"):
        return False
    process = call.callee.of
    ends = {Attribute(process, "kill"), Attribute(process, "terminate")}
    outputs = {Attribute(process, "stdout"), Attribute(process, "stderr")}
    function = file.facts.blocks[call.block].function
    for other in (file.calls[number] for number in file.calls_in.get(function, ())):
        reads = (
            isinstance(other.callee, Attribute) and other.callee.of in outputs and other.callee.name.startswith("read")
        )
        given = any(argument.value in ends for argument in other.arguments)
        if other.span < call.span and (other.callee in ends or given or reads):
            return True
    blocks = (file.facts.blocks[number] for number in file.blocks_in.get(function, ()))
    return any(block.kind == "loop" and block.subject in outputs and block.span < call.span for block in blocks)


def _leaves_pool(file: FileIndex, block: int, future: Expr) -> bool:
    """Whether a future was handed out by a pool whose with-block a call stands in."""
    pools = [
        file.facts.blocks[number].target for number in file.chain(block) if file.facts.blocks[number].kind == "with"
    ]
    made = (
        binding for binding in file.bindings_in.get(file.facts.blocks[block].function, ()) if binding.target == future
    )
    submitted = (file.calls[one.value.index].callee for one in made if isinstance(one.value, CallRef))
    return any(isinstance(callee, Attribute) and callee.of in pools for callee in submitted)


def _is_nothing(evaluator: Evaluator, file: FileIndex, index: int, at: ArgumentAt) -> bool:
    """Whether an argument is left out, null, or a moment that nobody notices."""
    expr = expression_at(file.calls[index], at.argument, at.position)
    if expr is None:
        return True
    values = evaluator.argument(file, index, expr)
    return bool(values) and all(isinstance(one, Literal) and _is_no_time(one.value) for one in values)


def _is_no_time(value: object) -> bool:
    return not value or (isinstance(value, (int, float)) and 0 <= value <= _NO_TIME)


def _is_passed(evaluator: Evaluator, file: FileIndex, index: int, name: str, value: str) -> bool:
    """Whether an argument has a value that ends the wait; a flag may also stand first without its name."""
    expr = expression_at(file.calls[index], name, 0 if value in ("false", "true") else None)
    if expr is None or not value:
        return expr is not None
    found = evaluator.argument(file, index, expr)
    return any(isinstance(one, Literal) and str(one.value).lower() == value for one in found)
