"""Where a value comes from: the code itself, a caller inside the program, or a request from outside."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ...nouns.entries import EntryRef
from ...nouns.facts import (
    Attribute,
    Await,
    Binary,
    CallRef,
    Choice,
    Comprehension,
    Const,
    Expr,
    Item,
    Name,
    Sequence,
    Text,
)
from ..calls.graph import Graph
from ..files.arguments import passed_for_parameter
from ..files.index import FileIndex, leaf_of
from ..files.values import FunctionKey
from ..files.values import Literal as Constant

Origin: TypeAlias = Literal["request", "parameter", "safe", "unknown"]

_REQUEST = frozenset({"request", "req"})
_SENT = frozenset(
    [
        "args",
        "form",
        "json",
        "values",
        "GET",
        "POST",
        "FILES",
        "COOKIES",
        "query_params",
        "path_params",
        "data",
        "params",
        "query",
        "headers",
        "cookies",
        "match_info",
        "get_json",
        "get_argument",
        "get_query_argument",
        "view_args",
        "body",
    ]
)
"""What a request is asked for that its sender decides."""
_SAME = frozenset(
    {"str", "strip", "lower", "upper", "replace", "format", "encode", "decode", "split", "rsplit", "partition", "get"}
    | {"rpartition", "removeprefix", "removesuffix"}
)
"""Methods of texts that give the same text, or a part of it."""
_NUMBERS = frozenset({"int", "float", "len", "bool", "round", "abs", "sum", "UUID", "uuid4", "Decimal", "Identifier"})
_QUOTES = re.compile(r"quote|escape|ident|sanit|valid|literal|slug|hex|isoformat|timestamp|strftime", re.IGNORECASE)
_NUMERIC = re.compile(r"int|float|bool|UUID[1-8]?|date(?:time)?|Decimal")
_FRAGMENT = re.compile(
    r"table|column|schema|database|db_?name|sql|query|where|clause|order|field|condition|cols?$|alias|sort|direction|limit"
    r"|offset|filter|stmt|statement|index|constraint|view|join|select|placeholders?|params|suffix|name_?space|dataset|key_?space|role",
    re.IGNORECASE,
)
"""Names of pieces of a statement, which the program itself writes."""
_DEEP = 4


class Origins:
    """Follows names to their bindings, parameters to their callers."""

    def __init__(self, graph: Graph, entries: tuple[EntryRef, ...]) -> None:
        self._graph = graph
        self._asked = {(one.function.path, one.function.index) for one in entries if one.kind == "request"}

    def of(self, file: FileIndex, block: int, expr: Expr, *, as_value: bool, depth: int = 0) -> Origin:
        """The origin of one value; `as_value`: it stands where a value does, not the name of a table."""
        if depth > _DEEP:
            return "unknown"
        if isinstance(expr, Const) or self._is_constant(file, block, expr):
            return "safe"
        if self._is_sent(file, expr):
            return "request"
        if isinstance(expr, Name):
            return self._of_name(file, block, expr, as_value=as_value, depth=depth)
        if isinstance(expr, CallRef):
            return self._of_call(file, block, expr, as_value=as_value, depth=depth)
        if isinstance(expr, Binary) and expr.op == "*":
            return "safe"
        return self._worst(file, block, _inside(expr), as_value=as_value, depth=depth)

    def _worst(self, file: FileIndex, block: int, exprs: list[Expr], *, as_value: bool, depth: int) -> Origin:
        found = {self.of(file, block, one, as_value=as_value, depth=depth + 1) for one in exprs}
        order: tuple[Origin, ...] = ("request", "parameter", "unknown", "safe")
        return next((origin for origin in order if origin in found), "unknown")

    def _is_constant(self, file: FileIndex, block: int, expr: Expr) -> bool:
        if isinstance(expr, (Name, Attribute)) and leaf_of(expr).isupper():
            return True
        values = self._graph.evaluator.values(file, block, expr)
        return bool(values) and all(isinstance(value, Constant) for value in values)

    @staticmethod
    def _is_sent(file: FileIndex, expr: Expr) -> bool:
        """``request.args["q"]``, ``self.request.GET.get("q")``, ``await request.json()``."""
        names: list[str] = []
        here: Expr = expr
        while True:
            if isinstance(here, CallRef):
                here = file.calls[here.index].callee
            elif isinstance(here, (Item, Await)):
                here = here.of
            elif isinstance(here, Attribute):
                names.append(here.name)
                here = here.of
            else:
                break
        root = here.id if isinstance(here, Name) else ""
        owner = root if root in _REQUEST else next((name for name in names if name in _REQUEST), "")
        return bool(owner) and not _SENT.isdisjoint(names)

    def _of_call(self, file: FileIndex, block: int, expr: CallRef, *, as_value: bool, depth: int) -> Origin:
        call = file.calls[expr.index]
        name = leaf_of(call.callee)
        if name in _NUMBERS or _QUOTES.search(name):
            return "safe"
        values = [argument.value for argument in call.arguments]
        if name == "join":
            return self._worst(file, block, values, as_value=as_value, depth=depth)
        if name in _SAME:
            own = [call.callee.of] if isinstance(call.callee, Attribute) else []
            return self._worst(file, block, [*own, *values], as_value=as_value, depth=depth)
        return "unknown"

    def _of_name(self, file: FileIndex, block: int, expr: Name, *, as_value: bool, depth: int) -> Origin:
        function = file.facts.blocks[block].function
        if self._is_allowed(file, function, expr):
            return "safe"
        bound = [one for one in file.bindings_in.get(function, ()) if one.target == expr and one.value is not None]
        if bound:
            values = [one.value for one in bound if one.value is not None and one.how != "augment"]
            return self._worst(file, bound[-1].block, values, as_value=as_value, depth=depth)
        if (function, expr.id) in file.parameters:
            return self._of_parameter((file.path, function), expr.id, as_value=as_value, depth=depth)
        return "unknown"

    @staticmethod
    def _is_allowed(file: FileIndex, function: int, expr: Name) -> bool:
        """Whether the function asks if the value is one of a set, or of a type that is no text."""
        for number in file.blocks_in.get(function, ()):
            test = file.facts.blocks[number].subject
            if isinstance(test, Binary) and test.op in ("in", "not in", "==", "!=") and test.left == expr:
                return True
        return any(
            leaf_of(file.calls[index].callee) in ("isinstance", "isdigit", "match", "fullmatch")
            and any(argument.value == expr for argument in file.calls[index].arguments)
            for index in file.calls_in.get(function, ())
        )

    def _of_parameter(self, key: FunctionKey, name: str, *, as_value: bool, depth: int) -> Origin:
        file = self._graph.program.opened.get(key[0])
        if file is None:
            return "unknown"
        facts = file.function(key[1])
        parameter = facts.parameters[file.parameters[(key[1], name)]]
        typed = leaf_of(parameter.annotation) if parameter.annotation is not None else ""
        if _NUMERIC.fullmatch(typed):
            return "safe"
        if key in self._asked:
            return (
                "request" if typed in ("", "str") and name not in ("self", "cls", "request") and as_value else "unknown"
            )
        origins = [self._from_caller(key, name, caller, as_value, depth) for caller in self._graph.callers.get(key, ())]
        if "request" in origins:
            return "request"
        if origins and all(origin == "safe" for origin in origins):
            return "safe"
        return "parameter" if typed == "str" and as_value and not _FRAGMENT.search(name) else "unknown"

    def _from_caller(self, key: FunctionKey, name: str, caller: tuple[str, int], as_value: bool, depth: int) -> Origin:
        file, target = self._graph.program.opened.get(caller[0]), self._graph.program.opened[key[0]]
        if file is None:
            return "unknown"
        call = file.calls[caller[1]]
        expr = passed_for_parameter(call, target.function(key[1]), name)
        return self.of(file, call.block, expr, as_value=as_value, depth=depth + 1) if expr is not None else "unknown"


def _inside(expr: Expr) -> list[Expr]:
    """The values that decide what an expression is."""
    if isinstance(expr, Text):
        return list(expr.parts)
    if isinstance(expr, Binary):
        return [expr.left, expr.right]
    if isinstance(expr, Choice):
        return list(expr.options)
    if isinstance(expr, Sequence):
        return list(expr.items)
    if isinstance(expr, Comprehension):
        return [expr.element]
    return [expr.of] if isinstance(expr, (Await, Item)) else []
