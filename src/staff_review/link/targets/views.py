"""Which requests a method of a view class answers: by its name, by the row of a table, by its decorator."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import CallRef, Const, Function, Sequence
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from .paths import of_pattern, whole
from .routers import Route

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_OF_COLLECTIONS = {"list": "GET", "create": "POST"}
_OF_ITEMS = {"retrieve": "GET", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE"}
_NAMED_FOR_VERB = re.compile(r"on_(get|post|put|patch|delete|head|options)")


def answered(file: FileIndex, method: Function, routes: list[Route]) -> Iterator[tuple[str, str]]:
    """Verb ("" for any) and whole path of each; nothing of a route that names other methods."""
    action = next(
        (one.index for one in method.decorators if isinstance(one, CallRef) and _is_action(file, one.index)), None
    )
    for route in routes:
        if route.methods:
            yield from ((verb.upper(), route.path) for name, verb in route.methods if name == method.name)
        elif not route.registered:
            yield verb_of(method.name), route.path
        elif action is not None:
            yield from _of_action(file, method.name, action, route)
        else:
            item = "{id}" if method.name in _OF_ITEMS else ""
            yield verb_of(method.name), whole(route.path, item) if item else route.path


def verb_of(method: str) -> str:
    """The verb that a method of a view answers by its name; "" where the name says none."""
    named = _NAMED_FOR_VERB.fullmatch(method)
    if named is not None:
        return named[1].upper()
    return {**_OF_COLLECTIONS, **_OF_ITEMS}.get(method) or (method.upper() if method in _VERBS else "")


def _is_action(file: FileIndex, index: int) -> bool:
    return leaf_of(file.calls[index].callee) in ("action", "detail_route", "list_route")


def _of_action(file: FileIndex, name: str, index: int, route: Route) -> Iterator[tuple[str, str]]:
    """``@action(detail=True, methods=["post"], url_path="pay")``: behind the collection, or behind one item."""
    call = file.calls[index]
    said, methods = expression_at(call, "url_path", None), expression_at(call, "methods", 0)
    detail = expression_at(call, "detail", None) == Const(True) or leaf_of(call.callee) == "detail_route"
    own = of_pattern(str(said.value)) if isinstance(said, Const) else name
    verbs = methods.items if isinstance(methods, Sequence) else ()
    for verb in verbs or (Const("get"),):
        yield str(getattr(verb, "value", "")).upper(), whole(whole(route.path, "{id}") if detail else route.path, own)
