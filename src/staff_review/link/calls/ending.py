"""Arguments that make a call return at once: ``block=False``, ``acquire(blocking=False)``."""

from __future__ import annotations

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


def _is_passed(evaluator: Evaluator, file: FileIndex, index: int, name: str, value: str) -> bool:
    """Whether an argument has a value that ends the wait; a flag may also stand first without its name."""
    expr = expression_at(file.calls[index], name, 0 if value in ("false", "true") else None)
    if expr is None or not value:
        return expr is not None
    found = evaluator.argument(file, index, expr)
    return any(isinstance(one, Literal) and str(one.value).lower() == value for one in found)
