"""What a code base offers: routes with their whole path, methods of remote interfaces, consumers, tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.acts import Act
from ...nouns.entries import EntryRef
from ...nouns.facts import CallRef, Const, Expr, Sequence
from ...nouns.targets import Offer, Server, Template
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.values import External, Instance, Values
from .paths import whole
from .routers import Route, Routers
from .texts import Texts
from .views import answered

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_CLASS_ENDING = re.compile(r"(?:View|ViewSet|Resource|Handler|Controller|APIView|Endpoint)$")


class Offers:
    """Describes the entry points as a caller sees them."""

    def __init__(self, graph: Graph, texts: Texts) -> None:
        self._graph = graph
        self._texts = texts
        self._routers = Routers(graph, texts)

    def find(self, entries: tuple[EntryRef, ...]) -> tuple[Offer, ...]:
        """One or more offers for each entry point that a peer can reach, in file order."""
        found: dict[tuple[str, str, str], Offer] = {}
        for entry in entries:
            for offer in self._of_entry(entry):
                found.setdefault((offer.place.path, offer.name, offer.function), offer)
        return tuple(sorted(found.values(), key=lambda one: (one.place.path, one.place.span, one.name)))

    def _of_entry(self, entry: EntryRef) -> Iterator[Offer]:
        file = self._graph.program.file(entry.function.path)
        if file is None or entry.kind in ("command", "program", "start-up"):
            return
        facts = file.function(entry.function.index)
        said = False
        for decorator in facts.decorators:
            if isinstance(decorator, CallRef):
                for offer in self._of_decorator(file, decorator.index, entry):
                    said = True
                    yield offer
        if said:
            return
        if entry.kind == "request":
            yield from self._of_method(file, entry)
        elif entry.kind in ("task", "schedule", "message"):
            values = (one for expr in facts.decorators for one in self._values(file, facts.parent_block, expr))
            paths = [one.path for one in values if isinstance(one, External)]
            yield self._plain(entry, facts.name, decorator=next(iter(paths), ""))

    def _values(self, file: FileIndex, block: int, expr: Expr) -> Values:
        return self._graph.evaluator.values(file, block, expr)

    def _plain(self, entry: EntryRef, name: str, topics: tuple[Template, ...] = (), decorator: str = "") -> Offer:
        kind: Literal["message", "schedule", "task"] = (
            "message" if entry.kind == "message" else "schedule" if entry.kind == "schedule" else "task"
        )
        return Offer(
            entry.function.place, entry.function.qualified, kind, f"{kind} {name}", topics=topics, decorator=decorator
        )

    def _of_decorator(self, file: FileIndex, index: int, entry: EntryRef) -> Iterator[Offer]:
        """``@app.get("/x")``, ``@bp.route("/x", methods=[…])``, ``@app.task(name=…)``, ``@consumer("topic")``."""
        call = file.calls[index]
        leaf = leaf_of(call.callee).lower()
        name = entry.function.qualified.rpartition(".")[2]
        if entry.kind in ("task", "schedule", "message"):
            texts = [
                one
                for argument in call.arguments
                if argument.name in _NAMING
                for one in self._texts.argument(file, index, argument.value)
                if one.said
            ]
            paths = [one.path for one in self._graph.of(file.path, index) if one.path]
            yield self._plain(entry, name, tuple(texts), next(iter(paths), ""))
            return
        path = expression_at(call, "path", 0) or expression_at(call, "rule", 0) or expression_at(call, "uri", 0)
        if isinstance(path, Const) and str(path.value).lower() in _VERBS:
            leaf, path = str(path.value).lower(), expression_at(call, None, 1)
        text = self._routers.literal(file, index, path) if path is not None else ""
        if entry.kind != "request" or (path is None and leaf not in (*_VERBS, "route")) or leaf in _NO_ROUTES:
            return
        if text and not text.startswith(("/", "^")) and leaf not in (*_VERBS, "route", "api_route", "websocket"):
            return  # what it names is no path: ``@metrics.timer("orders")``
        for prefix in self._routers.prefixes(file, index):
            for verb in self._verbs(file, index, leaf):
                full = whole(prefix, text)
                kind: Literal["websocket", "http"] = "websocket" if "websocket" in leaf else "http"
                yield Offer(
                    entry.function.place, entry.function.qualified, kind, f"{verb} {full}" if verb else full, verb, full
                )

    def _verbs(self, file: FileIndex, index: int, leaf: str) -> list[str]:
        if leaf in _VERBS:
            return [leaf.upper()]
        expr = expression_at(file.calls[index], "methods", 1)
        if isinstance(expr, Sequence):
            return [str(one.value).upper() for one in expr.items if isinstance(one, Const)] or ["GET"]
        return [] if "websocket" in leaf else ["GET"]

    def _of_method(self, file: FileIndex, entry: EntryRef) -> Iterator[Offer]:
        """A method of a view class or of a remote interface; a function routed from a table of paths."""
        facts = file.function(entry.function.index)
        place, qualified = entry.function.place, entry.function.qualified
        if facts.cls >= 0:
            bases = self._graph.evaluator.members.library_bases(file.path, facts.cls)
            servicer = next((base for base in bases if base.endswith("Servicer")), "")
            if servicer:
                interface = servicer.rpartition(".")[2].removesuffix("Servicer")
                yield Offer(place, qualified, "grpc", f"{interface}.{facts.name}", path=facts.name, owner=interface)
                return
            named = self._own_name(file, facts.cls)
            if named and facts.decorators:
                yield Offer(place, qualified, "rpc", f"{named}.{facts.name}", path=facts.name, owner=named)
                return
            owner = file.cls(facts.cls).name
            routes = self._routers.paths((file.path, -1 - facts.cls))
            if not routes and any(_CLASS_ENDING.search(name) for name in (owner, *bases)):
                routes = [Route(f"<{owner}>")]
            for verb, path in answered(file, facts, routes):
                if verb or _CLASS_ENDING.search(owner):
                    yield Offer(place, qualified, "http", f"{verb} {path}".strip(), verb, path)
            return
        for path in dict.fromkeys(one.path for one in self._routers.paths((file.path, entry.function.index))):
            yield Offer(place, qualified, "http", f"GET {path}", "", path)

    @staticmethod
    def _own_name(file: FileIndex, cls: int) -> str:
        """The name that a service class gives itself: ``name = "orders"``."""
        for definition in file.names.get((-1 - cls, "name"), ()):
            value = file.facts.bindings[definition.number].value if definition.kind == "binding" else None
            if isinstance(value, Const) and isinstance(value.value, str):
                return value.value
        return ""

    def servers(self) -> tuple[Server, ...]:
        """Where a file starts a server itself, in file order."""
        found: list[Server] = []
        for _, file in sorted(self._graph.program.opened.items()):
            named = {index for leaf in _STARTS & file.by_leaf.keys() for index in file.by_leaf[leaf]}
            serving = {index for index in self._graph.library_calls_of(file.path) if self._serves(file, index)}
            for index in sorted(named | serving):
                call = file.calls[index]
                expr = expression_at(call, "port", None)
                texts = self._texts.argument(file, index, expr) if expr is not None else ()
                if index in serving or self._runs_application(file, index) or texts:
                    function = file.facts.blocks[call.block].function
                    name = file.function(function).qualified if function else ""
                    found.append(Server(file.place(call.span), _port(texts), name))
        return tuple(found)

    def _serves(self, file: FileIndex, index: int) -> bool:
        """Whether a call runs a server of a library."""
        does = self._graph.program.catalog.does
        return any(does(one.path) >= _SERVER for one in self._graph.of(file.path, index))

    def _runs_application(self, file: FileIndex, index: int) -> bool:
        """Whether a call runs the application object that routes are put on."""
        call = file.calls[index]
        owner = getattr(call.callee, "of", None)
        values = self._graph.evaluator.argument(file, index, owner) if owner is not None else ()
        roots = {name.partition(".")[0] for name in self._graph.program.catalog.entries.exact()}
        return any(isinstance(value, Instance) and value.type.partition(".")[0] in roots for value in values)


_SERVER = frozenset({Act.SERVE, Act.ON_SIGNAL})
"""What a server does and an application that it serves does not: it listens, and ends when it is told to."""
_NAMING = (None, "name", "topic", "queue", "topics", "routing_key", "stream", "subject", "pubsub")
_STARTS = frozenset({"run", "run_app", "run_simple", "serve", "serve_forever", "make_server", "listen", "start_server"})
_NO_ROUTES = frozenset(
    {
        "middleware",
        "exception_handler",
        "errorhandler",
        "before_request",
        "after_request",
        "teardown_request",
        "on_event",
    }
)


def _port(texts: tuple[Template, ...]) -> int:
    """A port that is written out, or the default of a setting."""
    for text in texts:
        for part in text.parts:
            said = (
                part
                if isinstance(part, str)
                else "".join(str(one) for one in getattr(getattr(part, "default", None), "parts", ()))
            )
            if said.isdigit() and len(said) < 6:
                return int(said)
    return 0
