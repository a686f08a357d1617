"""Rows that an object holds by a relation: ``order.items.all()``, ``for item in order.items``."""

from __future__ import annotations

from ...nouns.facts import Attribute, CallRef, Expr, Name
from ...nouns.source import Span
from ..files.index import FileIndex, leaf_of
from .chains import Chain, Chains, bare
from .links import Link
from .relations import Relation, Relations


def related_rows(
    chains: Chains, relations: Relations, file: FileIndex, block: int, expr: Expr, at: Span
) -> Chain | None:
    """The query for what an expression gives, by the relation's name where all that have it point at one class.

    None for all else, and for a bare attribute of an object that is not known to have that relation.
    """
    steps: list[tuple[int, str]] = []
    made_on: list[Expr] = []
    ends: list[Attribute] = []
    todo: list[Expr] = [bare(expr)]
    seen: list[Expr] = []
    while todo:
        here = todo.pop(0)
        if here in seen:
            continue
        seen.append(here)
        if isinstance(here, Attribute):
            ends.append(here)
            continue
        before = _before(file, block, here)
        if not before:
            return None
        if isinstance(here, CallRef):
            steps.append((here.index, leaf_of(file.calls[here.index].callee)))
            made_on.extend(before)
        todo.extend(before)
    relation = relations.only(ends[0].name) if len(ends) == 1 else None
    if relation is None or relation.by_call != bool(steps):
        return None
    if not steps and chains.classes_of(file, block, ends[0].of, at).isdisjoint(relations.holders(relation.name)):
        return None
    links = tuple(Link(f"{relation.gives}.{name}", file, index) for index, name in steps)
    first = (one for one, before in zip(links, made_on, strict=True) if before == ends[0])
    return Chain(links, relations.class_of(relation), next(first, None), relation.name)


def _before(file: FileIndex, block: int, here: Expr) -> list[Expr]:
    """What a call is made on, or what a variable is given, at all places of its function; empty if that is unknown."""
    if isinstance(here, CallRef):
        callee = file.calls[here.index].callee
        return [bare(callee.of)] if isinstance(callee, Attribute) else []
    function = file.facts.blocks[block].function
    if not isinstance(here, Name) or (function, here.id) in file.parameters:
        return []
    given = [one.value for one in file.bindings_in.get(function, ()) if one.target == here]
    values = [bare(value) for value in given if value is not None]
    return values if len(values) == len(given) else []


def of_holder(relations: Relations, file: FileIndex, expr: Expr, one: Relation, through: str) -> bool:
    """Whether a relation of the rows may lead back to the one object that holds them, which they know already."""
    if one.by_call:
        return False
    holders = relations.holders(through)
    here = bare(expr)
    while not (isinstance(here, Attribute) and here.name == through):
        if not isinstance(here, (Attribute, CallRef)):
            return one.to in holders
        here = bare(here.of if isinstance(here, Attribute) else file.calls[here.index].callee)
    name = leaf_of(here.of).replace("_", "").lower()
    told = [holder for holder in holders if holder.lower() == name]
    return one.to in (told or holders)
