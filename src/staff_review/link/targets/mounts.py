"""Tables of routes inside each other: ``path("api/", include("shop.urls"))``, ``Mount("/api", routes=[…])``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

from ...nouns.facts import Attribute, CallRef, Const, Expr, Sequence
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import CallKey, Instance, Module, Written
from .paths import whole

_HOLDERS = ("path", "re_path", "url")
_DEEP = 6
_MOST = 8
_Key = TypeVar("_Key")


class Mounts:
    """What stands before a route: the prefixes of all that its table, or its router, is included in."""

    def __init__(self, graph: Graph, path_of: Callable[[FileIndex, int], str]) -> None:
        self._graph = graph
        self._path_of = path_of
        self._of_file: dict[str, list[CallKey]] = {}
        self._of_route: dict[CallKey, list[CallKey]] = {}
        self._of_router: dict[CallKey, list[CallKey]] = {}
        for file in list(graph.program.opened.values()):
            for holder, included in self._inclusions(file):
                self._include(file, (file.path, holder), included)

    def before(self, key: CallKey, depth: int = 0) -> list[str]:
        """The prefixes of the route that a call makes, [""] where nothing includes it."""
        return self._through(self._of_route.get(key) or self._of_file.get(key[0], []), depth)

    def before_router(self, made: CallKey, depth: int = 0) -> list[str]:
        """The same for the routes of a router, by the call that made it."""
        return self._through(self._of_router.get(made) or self._of_file.get(made[0], []), depth)

    def _through(self, holders: list[CallKey], depth: int) -> list[str]:
        found: list[str] = []
        for path, index in holders if depth < _DEEP else ():
            file = self._graph.program.opened[path]
            found += [whole(outer, self._path_of(file, index)) for outer in self.before((path, index), depth + 1)]
        return list(dict.fromkeys(found))[:_MOST] or [""]

    def _inclusions(self, file: FileIndex) -> Iterator[tuple[int, Expr]]:
        """Each route that stands for others, and what it includes."""
        held = {
            argument.value.index: index
            for leaf in _HOLDERS
            for index in file.by_leaf.get(leaf, ())
            for argument in file.calls[index].arguments
            if isinstance(argument.value, CallRef)
        }
        for index in file.by_leaf.get("include", ()):
            included = expression_at(file.calls[index], "arg", 0)
            if index in held and included is not None:
                yield held[index], included
        for index in file.by_leaf.get("Mount", ()):
            routes = expression_at(file.calls[index], "routes", 2)
            if routes is not None:
                yield index, routes

    def _include(self, file: FileIndex, holder: CallKey, included: Expr) -> None:
        if isinstance(included, Sequence) and included.items and not isinstance(included.items[0], CallRef):
            included = included.items[0]  # what is included, and the name of the application
        if isinstance(included, Const):
            path = self._graph.program.modules.file(str(included.value), file.path)
            _add(self._of_file, path, holder)
        elif isinstance(included, Sequence):
            self._include_routes(file.path, included, holder)
        else:
            routers = [included.of] if isinstance(included, Attribute) and included.name == "urls" else []
            evaluated = (self._graph.evaluator.argument(file, holder[1], one) for one in (*routers, included))
            for value in chain.from_iterable(evaluated):
                if isinstance(value, Module):
                    _add(self._of_file, value.path, holder)
                elif isinstance(value, Instance) and value.made is not None:
                    _add(self._of_router, value.made, holder)
                elif isinstance(value, Written) and isinstance(value.expr, Sequence):
                    self._include_routes(value.path, value.expr, holder)

    def _include_routes(self, path: str, routes: Sequence, holder: CallKey) -> None:
        for route in routes.items:
            if isinstance(route, CallRef):
                _add(self._of_route, (path, route.index), holder)


def _add(table: dict[_Key, list[CallKey]], key: _Key | None, holder: CallKey) -> None:
    if key is not None and holder not in table.setdefault(key, []):
        table[key].append(holder)
