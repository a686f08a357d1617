"""What a mapping that is spread into a call says of one option, where nothing else can have changed it."""

from __future__ import annotations

from typing import NamedTuple

from ...nouns.facts import Attribute, Const, Expr, Item, Mapping, Name
from ..evaluation.evaluate import Evaluator
from ..files.index import FileIndex
from ..files.values import Written

_CHANGES = frozenset({"update", "setdefault", "pop", "clear"})


class Said(NamedTuple):
    """An expression, and where it stands."""

    file: FileIndex
    block: int
    expr: Expr


def option_in_spread(evaluator: Evaluator, file: FileIndex, index: int, name: str) -> Said | None:
    """The value of option `name` in the one mapping that is spread into a call; None when it may be another."""
    spread = [argument.value for argument in file.calls[index].arguments if argument.spread == "**"]
    if len(spread) != 1:
        return None
    if isinstance(spread[0], Name):
        said, settled = _set_here(file, index, spread[0], name)
        if settled:
            return said
    values = evaluator.argument(file, index, spread[0])
    written = values[0] if len(values) == 1 else None
    home = evaluator.program.file(written.path) if isinstance(written, Written) else None
    if home is None or not isinstance(written, Written) or not isinstance(written.expr, Mapping):
        return None
    if any(key is None for key, _ in written.expr.items):
        return None
    found = [item for key, item in written.expr.items if key == Const(name)]
    return Said(home, written.block, found[-1]) if found else None


def _set_here(file: FileIndex, index: int, mapping: Name, name: str) -> tuple[Said | None, bool]:
    """What the function around a call puts under that key, and whether that settles it."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    changed = any(
        isinstance(other.callee, Attribute) and other.callee.of == mapping and other.callee.name in _CHANGES
        for other in (file.calls[number] for number in file.calls_in.get(function, ()))
    )
    if changed:
        return None, True
    set_here = [file.facts.bindings[number] for number in file.items.get((function, mapping.id), ())]
    own = [one for one in set_here if isinstance(one.target, Item) and one.target.key == Const(name)]
    if len(own) != 1:
        return None, bool(own)
    one = own[0]
    always = one.span < call.span and one.block in file.chain(call.block)
    return (Said(file, one.block, one.value) if always and one.value is not None else None), True
