"""Remote calls awaited one after the other although the later ones need nothing from the earlier."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...nouns.burdens import InTurn
from ...nouns.facts import Attribute, Expr, Item, Name, Sequence
from ...nouns.site import Site
from ..calls.graph import Graph
from ..files.index import FileIndex
from ..files.showing import mentions
from ..files.values import FunctionKey
from ..sites import Sites


def in_turn(graph: Graph, sites: Sites) -> Iterator[InTurn]:
    """Neighbouring pairs in one function, in file order."""
    by_function: dict[FunctionKey, list[tuple[int, Site]]] = {}
    for (path, index), site in sites.by_call.items():
        if site.awaited and site.remote and site.function.is_async and not site.scheduled:
            by_function.setdefault((path, site.function.index), []).append((index, site))
    for (path, _), found in sorted(by_function.items()):
        file = graph.program.opened[path]
        ordered = sorted(found, key=lambda one: one[1].place.span)
        for (index, first), (other, second) in pairwise(ordered):
            beside = file.calls[index].block == file.calls[other].block and first.before(second)
            if beside and not _needs(file, index, other, first):
                yield InTurn(first, second)


def _needs(file: FileIndex, index: int, other: int, first: Site) -> bool:
    """Whether what comes between the two, or the second itself, looks at what the first gave."""
    begin, end = file.calls[index].span, file.calls[other].span
    block = file.calls[index].block
    names = set(first.gives)
    if not names:
        return True  # done for what it does: its order may matter
    call = file.calls[other]
    for binding in file.bindings_in.get(file.facts.blocks[block].function, ()):
        between = begin < binding.span < end
        if between and binding.value is not None and mentions(file, binding.value, names):
            names.update(_named(binding.target))
    if any(mentions(file, expr, names) for expr in (call.callee, *(argument.value for argument in call.arguments))):
        return True
    for number in file.blocks_in.get(file.facts.blocks[block].function, ()):
        here = file.facts.blocks[number]
        if begin < here.span < end and (mentions(file, here.subject, names) or here.kind == "try"):
            return True
    for one in file.calls_in.get(file.facts.blocks[block].function, ()):
        checks = file.calls[one]
        if begin < checks.span < end and checks.discarded and mentions(file, checks.callee, names):
            return True  # a check of the answer that may raise
    return any(begin < jump.span < end for jump in file.jumps_in.get(file.facts.blocks[block].function, ()))


def _named(target: Expr) -> list[str]:
    if isinstance(target, Name):
        return [target.id]
    if isinstance(target, Sequence):
        return [name for item in target.items for name in _named(item)]
    return _named(target.of) if isinstance(target, (Attribute, Item)) else []
