"""Paths as a caller sees them: prefixes of routers and blueprints that include each other, tables of routes."""

from __future__ import annotations

from typing import NamedTuple

from ...nouns.facts import CallRef, Const, Expr, Mapping, Sequence
from ..calls.graph import Graph
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex, leaf_of
from ..files.values import CallKey, ClassValue, FunctionValue, Instance, Object
from .mounts import Mounts
from .paths import of_pattern, whole
from .texts import Texts

_PREFIXES = ("prefix", "url_prefix")
_JOINS = frozenset(
    {"include_router", "register_blueprint", "mount", "include", "add_router", "add_url_rule", "path", "re_path", "url"}
)
_NESTED = 6
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_ROUTES = ("path", "re_path", "url", "add_route", "add_resource", "add_url_rule", "register", "Route", "add_api_route")
_PATTERNS = ("re_path", "url")
"""Whose path is a regular expression."""
_Included = tuple[FileIndex, int, str]
"""Where a router is included: the file, the call, the prefix that it gives."""


class Route(NamedTuple):
    """A whole path; a `registered` one is of a collection, whose items have paths behind it.

    `methods` are those of the class that answer, each with its verb, where the row of the table says so.
    """

    path: str
    registered: bool = False
    methods: tuple[tuple[str, str], ...] = ()


class Routers:
    """Prefixes and tables over all opened files, built when first asked for."""

    def __init__(self, graph: Graph, texts: Texts) -> None:
        self._graph = graph
        self._texts = texts
        self._included: dict[CallKey, list[_Included]] | None = None
        self._mounts: Mounts | None = None
        self._routed: dict[tuple[str, int], list[Route]] | None = None

    def literal(self, file: FileIndex, index: int, expr: Expr) -> str:
        """A path with its holes as ``{}``."""
        texts = self._texts.argument(file, index, expr)
        return "".join(part if isinstance(part, str) else "{}" for part in texts[0].parts) if texts else ""

    def prefixes(self, file: FileIndex, index: int) -> list[str]:
        """What stands before the paths of the object that a route is put on, through all that include it."""
        callee = file.calls[index].callee
        owner = getattr(callee, "of", None)
        if owner is None:
            return [""]
        call = file.calls[index]
        values = self._graph.evaluator.values(file, call.block, owner, call.span.line, call.span.column)
        found = [
            prefix
            for value in values
            if isinstance(value, Instance) and value.made
            for prefix in self._before(value.made, 0)
        ]
        return list(dict.fromkeys(found)) or [""]

    def _before(self, made: CallKey, depth: int) -> list[str]:
        file = self._graph.program.file(made[0])
        if file is None or depth > _NESTED:
            return [""]
        own = self._prefix_of(file, made[1])
        above = self._inclusions().get(made, [])
        found = [whole(outer, own) for key in above for outer in self._outer(key, depth)]
        return found or [own]

    def _outer(self, included: _Included, depth: int) -> list[str]:
        """The prefix given where something is included, behind that of what includes it."""
        file, index, prefix = included
        call = file.calls[index]
        owner = getattr(call.callee, "of", None)
        values = self._graph.evaluator.argument(file, index, owner) if owner is not None else ()
        outers = [
            one
            for value in values
            if isinstance(value, Instance) and value.made
            for one in self._before(value.made, depth + 1)
        ]
        return [whole(outer, prefix) for outer in outers or [""]]

    def _prefix_of(self, file: FileIndex, index: int) -> str:
        for name in _PREFIXES:
            expr = expression_at(file.calls[index], name, None)
            if expr is not None:
                return self.literal(file, index, expr)
        return ""

    def _inclusions(self) -> dict[CallKey, list[_Included]]:
        """Router or blueprint → where it is included and with which prefix, over all opened files."""
        if self._included is None:
            self._included = {}
            for file in list(self._graph.program.opened.values()):
                for leaf in sorted(_JOINS & file.by_leaf.keys()):
                    for index in file.by_leaf[leaf]:
                        self._include(file, index, leaf)
        return self._included

    def _include(self, file: FileIndex, index: int, leaf: str) -> None:
        call = file.calls[index]
        prefix = next(
            (
                self.literal(file, index, expr)
                for name in _PREFIXES
                if (expr := expression_at(call, name, None)) is not None
            ),
            "",
        )
        if leaf == "mount" and not prefix and (expr := expression_at(call, "path", 0)) is not None:
            prefix = self.literal(file, index, expr)
        for argument in positional(call) + [
            one for one in call.arguments if one.name in ("router", "blueprint", "app")
        ]:
            for value in self._graph.evaluator.argument(file, index, argument.value):
                if isinstance(value, (Instance, Object)) and value.made is not None and self._included is not None:
                    self._included.setdefault(value.made, []).append((file, index, prefix))

    def paths(self, key: tuple[str, int]) -> list[Route]:
        """The routes of tables that lead to a function, or to a class (its number below zero)."""
        if self._routed is None:
            self._routed, self._mounts = {}, Mounts(self._graph, self._path_of)
            for file in list(self._graph.program.opened.values()):
                for leaf in (*_ROUTES, *(f"add_{verb}" for verb in _VERBS), *_VERBS):
                    for index in file.by_leaf.get(leaf, ()):
                        self._route(file, index)
        return list(dict.fromkeys(self._routed.get(key, [])))

    @staticmethod
    def _path_of(file: FileIndex, index: int) -> str:
        """The path that a route is given itself."""
        call = file.calls[index]
        texts = (one.value.value for one in call.arguments if isinstance(one.value, Const))
        text = next((one for one in texts if isinstance(one, str)), "")
        return of_pattern(text) if leaf_of(call.callee) in _PATTERNS else text

    def _route(self, file: FileIndex, index: int) -> None:
        call = file.calls[index]
        if self._routed is None or not any(
            isinstance(one.value, Const) and isinstance(one.value.value, str) for one in positional(call)
        ):
            return
        routes: list[Route] | None = None
        for argument in call.arguments:
            target: Expr = argument.value
            methods: tuple[tuple[str, str], ...] = ()
            if isinstance(target, CallRef) and leaf_of(file.calls[target.index].callee) == "as_view":
                methods = _methods(expression_at(file.calls[target.index], "actions", 0))
                target = getattr(file.calls[target.index].callee, "of", target)
            if isinstance(target, (Const, Sequence)):
                continue
            for value in self._graph.evaluator.argument(file, index, target):
                key = value.key if isinstance(value, FunctionValue) else None
                if isinstance(value, (ClassValue, Object)):
                    key = (value.path, -1 - value.index)
                if key is not None:
                    routes = routes if routes is not None else self._routes(file, index)
                    self._routed.setdefault(key, []).extend(one._replace(methods=methods) for one in routes)

    def _routes(self, file: FileIndex, index: int) -> list[Route]:
        """The whole paths of one row of a table."""
        registered = leaf_of(file.calls[index].callee) == "register"
        before = [""]
        if self._mounts is not None:
            owner = getattr(file.calls[index].callee, "of", None) if registered else None
            values = self._graph.evaluator.argument(file, index, owner) if owner is not None else ()
            made = next((one.made for one in values if isinstance(one, Instance) and one.made is not None), None)
            before = self._mounts.before_router(made) if made is not None else self._mounts.before((file.path, index))
        return [Route(whole(prefix, self._path_of(file, index)), registered) for prefix in before]


def _methods(actions: Expr | None) -> tuple[tuple[str, str], ...]:
    """The methods that ``as_view({"get": "list"})`` names, with their verbs."""
    items = actions.items if isinstance(actions, Mapping) else ()
    return tuple(
        (str(name.value), str(verb.value))
        for verb, name in items
        if isinstance(verb, Const) and isinstance(name, Const)
    )
