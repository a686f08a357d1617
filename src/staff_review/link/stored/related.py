"""Rows that an object holds by a relation: ``order.items.all()``, ``for item in order.items``."""

from __future__ import annotations

from ...nouns.facts import Attribute, CallRef, Expr
from ...nouns.source import Span
from ..files.index import FileIndex, leaf_of
from .chains import Chain, Chains, Link, bare
from .relations import Relation, Relations


def related_rows(
    chains: Chains, relations: Relations, file: FileIndex, block: int, expr: Expr, at: Span
) -> Chain | None:
    """The query for what an expression gives, by the relation's name where all that have it point at one class.

    None for all else, and for a bare attribute of an object that is not known to have that relation.
    """
    steps: list[tuple[int, str]] = []
    here = bare(expr)
    while isinstance(here, CallRef):
        callee = file.calls[here.index].callee
        if not isinstance(callee, Attribute):
            return None
        steps.append((here.index, callee.name))
        here = bare(callee.of)
    relation = relations.only(here.name) if isinstance(here, Attribute) else None
    if relation is None or not isinstance(here, Attribute) or relation.by_call != bool(steps):
        return None
    if not steps and chains.classes_of(file, block, here.of, at).isdisjoint(relations.holders(relation.name)):
        return None
    links = tuple(Link(f"{relation.gives}.{name}", file, index) for index, name in steps)
    return Chain(links, relations.class_of(relation), links[-1] if links else None, relation.name)


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
