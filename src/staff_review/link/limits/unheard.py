"""Parameters that name a time limit and that their function never reads."""

from __future__ import annotations

import re

from ...nouns.facts import Expr, Name
from ..calls.flow import names_in
from ..files.index import FileIndex

_LIMIT = re.compile(r"(?:\w+_)?(?:timeout|deadline|time_limit)(?:_s|_sec|_seconds|_ms)?")


def unheard_limit(file: FileIndex, function: int) -> str:
    """The name of such a parameter of a function, "" for none; functions written inside it count as itself."""
    facts = file.function(function)
    if any(parameter.kind == "options" for parameter in facts.parameters):
        return ""
    for parameter in facts.parameters:
        if _LIMIT.fullmatch(parameter.name) and not _is_read(file, function, parameter.name):
            return parameter.name
    return ""


def _is_read(file: FileIndex, function: int, name: str) -> bool:
    inside = {function}
    for number, other in enumerate(file.facts.functions):
        if other.parent_block >= 0 and file.facts.blocks[other.parent_block].function in inside:
            inside.add(number)
    wanted: list[Expr | None] = []
    for number in inside:
        wanted += [
            argument.value for index in file.calls_in.get(number, ()) for argument in file.calls[index].arguments
        ]
        wanted += [file.calls[index].callee for index in file.calls_in.get(number, ())]
        wanted += [binding.value for binding in file.bindings_in.get(number, ())]
        wanted += [jump.value for jump in file.jumps_in.get(number, ())]
        wanted += [file.facts.blocks[block].subject for block in file.blocks_in.get(number, ())]
    return any(expr == Name(name) or name in names_in(file, expr) for expr in wanted if expr is not None)
