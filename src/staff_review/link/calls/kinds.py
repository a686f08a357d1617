"""Names that are told the class of their object: a parameter, an attribute, a variable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Item, Name, Sequence
from ..files.index import FileIndex, leaf_of

_WORD = re.compile(r"[^\W\d]\w*")


class Told(NamedTuple):
    """`name` holds an object of a class called `kind`; `inside` a function alone, or wherever it is asked for."""

    name: str
    kind: str
    inside: bool


def told_in(file: FileIndex) -> tuple[Told, ...]:
    """What the annotations of a file say, and the assignments of calls of something that is called like a class."""
    return tuple(dict.fromkeys((*_parameters(file), *_bindings(file))))


def _parameters(file: FileIndex) -> Iterator[Told]:
    for function in file.facts.functions:
        for parameter in function.parameters:
            for kind in _classes(parameter.annotation):
                yield Told(parameter.name, kind, inside=True)


def _bindings(file: FileIndex) -> Iterator[Told]:
    for binding in file.facts.bindings:
        name = leaf_of(binding.target)
        if name:
            inside = isinstance(binding.target, Name) and file.scope(binding.block) > 0
            for kind in (*_classes(binding.annotation), *_made(file, binding.value)):
                yield Told(name, kind, inside)


def _made(file: FileIndex, value: Expr | None) -> Iterator[str]:
    if isinstance(value, CallRef):
        leaf = leaf_of(file.calls[value.index].callee)
        if leaf[:1].isupper():
            yield leaf


def _classes(annotation: Expr | None) -> Iterator[str]:
    """Every name that an annotation mentions, in text too."""
    stack = [annotation]
    while stack:
        here = stack.pop()
        if isinstance(here, (Name, Attribute)):
            yield leaf_of(here)
        elif isinstance(here, Item):
            stack.extend((here.of, here.key))
        elif isinstance(here, Binary):
            stack.extend((here.left, here.right))
        elif isinstance(here, Sequence):
            stack.extend(here.items)
        elif isinstance(here, Const) and isinstance(here.value, str) and len(here.value) < 200:
            yield from _WORD.findall(here.value)
