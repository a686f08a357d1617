"""A number below a key, however deep it stands in mappings, lists and JSON texts that are written out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...nouns.facts import CallRef, Const, Expr, Mapping, Sequence
from ..files.index import FileIndex
from ..files.program import Program
from ..files.values import Literal, Written
from .evaluate import Evaluator

_DEEP = 8


def numbers_below(
    program: Program, evaluator: Evaluator, file: FileIndex, index: int, expr: Expr, keys: tuple[str, ...]
) -> Iterator[int]:
    """The whole numbers under one of `keys` in what an argument of call `index` is."""
    for value in evaluator.argument(file, index, expr):
        home = program.file(value.path) if isinstance(value, Written) else None
        if isinstance(value, Literal):
            yield from _in_text(value.value, keys)
        elif home is not None and isinstance(value, Written):
            yield from _in(evaluator, home, value.block, value.expr, keys, 0)
    if isinstance(expr, CallRef):
        yield from _in(evaluator, file, file.calls[index].block, expr, keys, 0)


def _in(
    evaluator: Evaluator, file: FileIndex, block: int, expr: Expr, keys: tuple[str, ...], depth: int
) -> Iterator[int]:
    if depth > _DEEP:
        return
    inner: list[Expr] = []
    if isinstance(expr, Mapping):
        for key, item in expr.items:
            named = isinstance(key, Const) and key.value in keys
            yield from (_constants(evaluator, file, block, item) if named else ())
            inner.append(item)
    elif isinstance(expr, Sequence):
        inner.extend(expr.items)
    elif isinstance(expr, CallRef):
        inner.extend(argument.value for argument in file.calls[expr.index].arguments)
    elif isinstance(expr, Const):
        yield from _in_text(expr.value, keys)
    else:
        for value in evaluator.values(file, block, expr):
            if isinstance(value, Literal):
                yield from _in_text(value.value, keys)
            elif isinstance(value, Written) and value.path == file.path and value.expr != expr:
                inner.append(value.expr)
    for one in inner:
        yield from _in(evaluator, file, block, one, keys, depth + 1)


def _constants(evaluator: Evaluator, file: FileIndex, block: int, expr: Expr) -> Iterator[int]:
    for value in evaluator.values(file, block, expr):
        if isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool):
            yield value.value


def _in_text(text: str | float | bool | None, keys: tuple[str, ...]) -> Iterator[int]:
    if not isinstance(text, str) or not any(f'"{key}"' in text for key in keys):
        return
    try:
        waiting = [json.loads(text)]
    except ValueError:
        return  # a text that only looks like it holds settings says nothing
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield from (here[key] for key in keys if isinstance(here.get(key), int))
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
