"""What flows into a call and out of it, by the names of its own function."""

from __future__ import annotations

from ...nouns.facts import Attribute, CallRef, Const, Expr, Item, Name, Sequence
from ..files.index import FileIndex, leaf_of
from ..files.names import reaching
from ..files.showing import shown
from ..files.spoken import spoken_in

_ASKING = ("", "GET", "HEAD", "OPTIONS")


def used_by(file: FileIndex, index: int) -> frozenset[str]:
    """The names that the receiver and the arguments of a call mention."""
    call = file.calls[index]
    return names_in(file, getattr(call.callee, "of", None), *(argument.value for argument in call.arguments))


def built_of(file: FileIndex, index: int) -> frozenset[str]:
    """The names that what a call uses was made of in its own function: ``update`` for ``query = update(Order)…``."""
    used = used_by(file, index)
    bindings = file.bindings_in.get(file.facts.blocks[file.calls[index].block].function, ())
    given = (one.value for one in bindings if isinstance(one.target, Name) and one.target.id in used)
    return names_in(file, *given)


def names_in(file: FileIndex, *exprs: Expr | None) -> frozenset[str]:
    """The bare names that expressions mention, inside calls too."""
    found: set[str] = set()
    stack: list[Expr | None] = list(exprs)
    while stack:
        here = stack.pop()
        if isinstance(here, Name):
            found.add(here.id)
        elif isinstance(here, CallRef):
            inner = file.calls[here.index]
            stack.append(inner.callee)
            stack.extend(argument.value for argument in inner.arguments)
        elif here is not None:
            stack.extend(_parts(here))
    return frozenset(found)


def _parts(expr: Expr) -> list[Expr | None]:
    parts = [getattr(expr, field, None) for field in ("of", "key", "left", "right", "test", "element")]
    for field in ("parts", "items", "options"):
        for item in getattr(expr, field, ()):
            parts.extend(item if isinstance(item, tuple) else (item,))
    return parts


def given_since(file: FileIndex, index: int) -> dict[str, int]:
    """For the names that a call uses and its own function sets: the line of the first setting that may reach it."""
    call = file.calls[index]
    function = file.facts.blocks[call.block].function
    found: dict[str, int] = {}
    for name in used_by(file, index):
        definitions = file.names.get((function, name))
        picked, covered, _ = reaching(file, definitions or [], call.block, call.span.line, call.span.column)
        if picked and covered:
            found[name] = min(definition.line for definition in picked)
    return found


def given_by(file: FileIndex, index: int) -> frozenset[str]:
    """The names that the result of a call is bound to, through ``await`` and unpacking."""
    return frozenset(name for binding in file.binds.get(index, ()) for name in roots_of(binding.target))


def roots_of(target: Expr) -> list[str]:
    """The names that an assignment to a target gives a value, or changes a member of."""
    if isinstance(target, Name):
        return [target.id]
    if isinstance(target, Sequence):
        return [name for item in target.items for name in roots_of(item)]
    if isinstance(target, (Attribute, Item)):
        return roots_of(target.of)
    return []


def is_unheeded(file: FileIndex, index: int, verb: str) -> bool:
    """Whether a call sends something and of its answer at most is asked whether it came: ``raise_for_status()``."""
    if verb in _ASKING:
        return False
    call = file.calls[index]
    names = given_by(file, index)
    opened = file.opens.get(index)
    target = file.facts.blocks[opened].target if opened is not None else None
    if isinstance(target, Name):
        names |= {target.id}
    function = file.facts.blocks[call.block].function
    others = [file.calls[number] for number in file.calls_in.get(function, ())]
    asked = [one.callee.of for one in others if one.discarded and isinstance(one.callee, Attribute)]
    if not names:
        return call.discarded or opened is not None or CallRef(index) in asked
    said = [one.expr.id for one in spoken_in(file, function) if isinstance(one.expr, Name) and one.expr.id in names]
    return len(said) <= sum(isinstance(one, Name) and one.id in names for one in asked)


_ON_AND_ON = ("stream", "follow", "watch")
"""Arguments by which an answer goes on as long as there is more to tell; the first names calls that do so, too."""


def streams(file: FileIndex, index: int) -> bool:
    """Whether the answer of a call is read piece by piece, so that a limit on the whole would cut it off."""
    opened = file.opens.get(index)
    target = file.facts.blocks[opened].target if opened is not None else None
    if isinstance(target, Name) and _is_read_on(file, target.id, file.facts.blocks[file.calls[index].block].function):
        return True
    call = file.calls[index]
    asked = any(one.name in _ON_AND_ON and one.value == Const(True) for one in call.arguments)
    return asked or leaf_of(call.callee) == _ON_AND_ON[0]


def _is_read_on(file: FileIndex, name: str, function: int) -> bool:
    if any(
        file.facts.blocks[other].kind == "loop" and name in shown(file, file.facts.blocks[other].subject).split(".")
        for other in file.blocks_in.get(function, ())
    ):
        return True
    return any(
        argument.value == Name(name)
        for one in file.calls_in.get(function, ())
        for argument in file.calls[one].arguments
    )
