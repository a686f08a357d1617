"""Waits that end at once or by themselves: ``block=False``, a process that was killed or has closed its output."""

from __future__ import annotations

from ...facts import Attribute
from ...libraries import Operation
from ..evaluation.evaluate import Evaluator
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import Literal


def ended_by(evaluator: Evaluator, file: FileIndex, index: int, operation: Operation | None) -> str:
    """The name of the argument that ends the wait of a call, "" when none does."""
    for text in operation.bounded_by if operation is not None else ():
        name, _, value = (part.strip() for part in text.partition("="))
        if _is_passed(evaluator, file, index, name, value.lower()):
            return name
    return ""


def ended_before(file: FileIndex, index: int) -> bool:
    """Whether the process that a call waits for was told to end, will be by a timer, or has given all its output."""
    call = file.calls[index]
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


def _is_passed(evaluator: Evaluator, file: FileIndex, index: int, name: str, value: str) -> bool:
    """Whether an argument has a value that ends the wait; a flag may also stand first without its name."""
    expr = expression_at(file.calls[index], name, 0 if value in ("false", "true") else None)
    if expr is None or not value:
        return expr is not None
    found = evaluator.argument(file, index, expr)
    return any(isinstance(one, Literal) and str(one.value).lower() == value for one in found)
