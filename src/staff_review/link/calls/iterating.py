"""Queries that run because something goes over them: ``for note in Note.objects.all()``, ``list(session.query(…))``."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.facts import Attribute, CallRef
from ..files.index import FileIndex, leaf_of
from ..knowledge.catalog import Catalog

_RUNS = "__iter__"
_RUNS_ASYNC = "__aiter__"
_GOING_OVER = frozenset(
    {"list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "enumerate", "zip", "len", "sum", "max", "min"}
    | {"any", "all", "extend", "join"}
)
"""Last names of calls that go over what they are given first."""
_MANY = "__in"
"""How the name of a filter ends that is given many values."""


def lazy_builders(catalog: Catalog) -> frozenset[str]:
    """The last names of calls that build what is run by going over it."""
    paths = (path for path in catalog.makers.exact() if catalog.operations.get(f"{catalog.makers.get(path)}.{_RUNS}"))
    return frozenset(path.rpartition(".")[2] for path in paths)


def iterations(file: FileIndex, builders: frozenset[str]) -> Iterator[int]:
    """Calls, added to the file, that going over a query makes for us; none for one that asks for many at once."""
    over = [(block.subject, block.is_async) for block in file.facts.blocks if block.kind == "loop"]
    for leaf in sorted(_GOING_OVER & file.by_leaf.keys()):
        calls = [file.calls[index] for index in file.by_leaf[leaf]]
        over += [(call.arguments[0].value, False) for call in calls if call.arguments]
    for expr, later in dict.fromkeys(over):
        if isinstance(expr, CallRef) and _is_one_query(file, expr.index, builders):
            yield file.forward(expr.index, Attribute(expr, _RUNS_ASYNC if later else _RUNS), ())


def _is_one_query(file: FileIndex, index: int, builders: frozenset[str]) -> bool:
    """Whether a call may build a query, of one thing at a time."""
    if leaf_of(file.calls[index].callee) not in builders:
        return False
    whole = file.calls[index].span
    end = (whole.end_line, whole.end_column)
    inside = (file.calls[one] for one in file.calls_in[file.facts.blocks[file.calls[index].block].function])
    parts = (call for call in inside if whole <= call.span and (call.span.end_line, call.span.end_column) <= end)
    return not any((argument.name or "").endswith(_MANY) for call in parts for argument in call.arguments)


def is_iteration(file: FileIndex, index: int) -> bool:
    """Whether a call is not written, but made by going over a query."""
    return index in file.forwarded and leaf_of(file.calls[index].callee) in (_RUNS, _RUNS_ASYNC)


def steps(file: FileIndex, index: int) -> Iterator[int]:
    """The calls that are chained up to one, from the last to the first."""
    here: CallRef | None = CallRef(index)
    while here is not None:
        yield here.index
        callee = file.calls[here.index].callee
        here = callee.of if isinstance(callee, Attribute) and isinstance(callee.of, CallRef) else None
