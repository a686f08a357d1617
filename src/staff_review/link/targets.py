"""Whom each remote call is made to: the address in its arguments or in the making of its client, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ..acts import Act
from ..facts import Attribute, Const, Expr, Mapping, Sequence
from ..libraries import REMOTE, Effect
from ..targets import Hole, Origin, Target, Template, Variable
from .arguments import expression_at, positional
from .calling import Calling
from .graph import Graph, Resolved
from .index import FileIndex, leaf_of
from .texts import Texts
from .values import CallKey, External, FunctionKey, FunctionValue, Instance, Object, Value, Written

_PLACES = re.compile(
    r"(?i)(?:.*_)?(?:url|uri|host|hostname|hosts|addr|address|endpoint|endpoint_url|server|servers|bootstrap_servers|brokers?"
    r"|broker_url|dsn|conninfo|connection_string|nodes|contact_points|target|base|domain|api_base|seeds?|metadata_broker_list"
    r"|uris|urls|connection|location|namespace|queueurl|service_name|app_id|bootstrap\.servers|metadata\.broker\.list)"
)
_ABOUT = re.compile(
    r"(?i)(?:.*_)?(?:topics?|queues?|routing_keys?|exchange|channels?|streams?|subjects?|queue_name|queueurl|topicarn|destination"
    r"|pubsub_name|topic_name|topic_path|event|event_type|name|key|stream_name)"
)
_PUBLISHES = re.compile(
    r"(?i)\.(?:basic_|send_|async_)?(?:publish\w*|produce|send|send_and_wait|send_message\w*|rpush|lpush|xadd|put_record\w*"
    r"|put_events|delay|apply_async|send_task|enqueue\w*|publish_event|emit)$"
)
_CONSUMES = re.compile(
    r"(?i)(?:\.(?:basic_|p|s)?(?:consume\w*|subscribe|poll|getone|getmany|receive\w*|blpop|brpop|lpop|rpop|blmove|xread\w*|listen"
    r"|get_message|fetch|basic_get|get|iterator|start_consuming|create_subscription)|consumer\w*)$"
)
_DECLARES = re.compile(
    r"(?i)\.(?:queue_bind|bind|declare_queue|declare_exchange|queue_declare|exchange_declare|get_exchange|get_queue)$"
)
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_SENDING = frozenset({Act.PUBLISH, Act.BROADCAST, Act.ENQUEUE})
_TAKING = frozenset({Act.CONSUME, Act.ACKNOWLEDGE})
_DEEP = 5
_MOST = 8


class Targets:
    """Builds the targets of all opened files."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.calling = Calling(graph)
        self.texts = Texts(graph, self.calling)
        self._of_objects: dict[CallKey, tuple[Template, ...]] = {}
        self._roots: dict[FunctionKey, tuple[dict[Origin, tuple[int, ...]], bool]] = {}

    def find(self) -> tuple[Target, ...]:
        """Every call that leaves the process, in file and line order."""
        found: dict[tuple[str, int], Target] = {}
        for file, index, resolved in self._graph.library_calls():
            target = self._target(file, index, resolved)
            if target is not None:
                found[(file.path, index)] = target
        return tuple(sorted(found.values(), key=lambda one: (one.place.path, one.place.span)))

    def _target(self, file: FileIndex, index: int, found: tuple[Resolved, ...]) -> Target | None:
        for one in found:
            effects = frozenset(one.operation.effects) & REMOTE if one.operation is not None else frozenset()
            making = (
                one.path and "onsumer" in one.path and self._graph.program.catalog.makings.get(one.path) is not None
            )
            if making and not effects:
                effects = frozenset({Effect.QUEUE})
            if effects and one.path:
                return self._described(file, index, one, effects)
        return None

    def _described(self, file: FileIndex, index: int, one: Resolved, effects: frozenset[Effect]) -> Target:
        call = file.calls[index]
        function = (file.path, file.facts.blocks[call.block].function)
        origins, live = self._origins(function)
        queued = Effect.QUEUE in effects or bool(effects & {Effect.CACHE, Effect.CLOUD} and _PUBLISHES.search(one.path))
        role = self._role(one.path, queued=queued)
        leaf = one.path.rpartition(".")[2]
        return Target(
            place=file.place(call.span),
            operation=one.path,
            effects=effects,
            function=file.function(function[1]).qualified,
            addresses=self._addresses(file, index, one),
            topics=tuple(self._topics(file, index, role)) if role else (),
            role=role,
            verb=self._verb(file, index, one, leaf),
            method=leaf,
            logical=self._logical(one.receiver) or self._addressed(file, index),
            protocol="rpc" if Effect.RPC in effects and not self._logical(one.receiver) else "",
            statement=self._statement(file, index) if Effect.DATABASE in effects else "",
            origins=origins,
            dead=not live,
        )

    def _role(self, path: str, *, queued: bool) -> Literal["", "publish", "consume"]:
        """What the catalog says that a call does with messages, else what its name does where it speaks to a broker."""
        acts = self._graph.program.catalog.does(path)
        if acts & _SENDING:
            return "publish"
        if acts & _TAKING:
            return "consume"
        if queued and _CONSUMES.search(path):
            return "consume"
        if not queued:
            return ""
        return "publish" if _PUBLISHES.search(path) else ""

    def _verb(self, file: FileIndex, index: int, one: Resolved, leaf: str) -> str:
        if leaf in _VERBS:
            return leaf.upper()
        verb = one.operation.verb if one.operation is not None else None
        expr = expression_at(file.calls[index], verb.argument, verb.position) if verb is not None else None
        return str(expr.value).upper() if isinstance(expr, Const) and isinstance(expr.value, str) else ""

    def _addresses(self, file: FileIndex, index: int, one: Resolved) -> tuple[Template, ...]:
        """The address in the call, put behind the one of its client where it is only a path."""
        at = one.operation.url if one.operation is not None else None
        expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
        own = self.texts.argument(file, index, expr) if expr is not None else ()
        whole = [text for text in own if not _is_path(text)]
        client = self._of_value(one.receiver, 0) if not whole or len(whole) < len(own) else ()
        if not own:
            return client or self._of_owner(file, index) or self._of_opening(file, index, one)
        paths = [text for text in own if _is_path(text)]
        joined = [Template((*base.parts, *path.parts)) for base in client for path in paths]
        return tuple(dict.fromkeys((*whole, *joined)))[:_MOST] or own[:_MOST]

    def _of_owner(self, file: FileIndex, index: int) -> tuple[Template, ...]:
        """What the object that a call is made on was made from, where only that can be followed."""
        callee = file.calls[index].callee
        texts = self.texts.argument(file, index, callee.of) if isinstance(callee, Attribute) else ()
        return tuple(one for one in texts if one.said and _is_address(one))[:_MOST]

    def _of_opening(self, file: FileIndex, index: int, one: Resolved) -> tuple[Template, ...]:
        opens = self._graph.program.catalog.makers.get(one.path) is not None
        return self._of_making(file, index, 0) if opens else ()

    def _of_value(self, value: Value | None, depth: int) -> tuple[Template, ...]:
        """Where an object talks to: by the call that made it, or by what it was made from."""
        if isinstance(value, Instance) and value.made is not None and depth < _DEEP:
            known = self._of_objects.get(value.made)
            if known is None:
                self._of_objects[value.made] = ()
                file = self._graph.program.file(value.made[0])
                known = self._of_making(file, value.made[1], depth + 1) if file is not None else ()
                self._of_objects[value.made] = known
            return known
        if isinstance(value, Object) and value.made is not None and depth < _DEEP:
            file = self._graph.program.file(value.made[0])
            return self._of_making(file, value.made[1], depth + 1) if file is not None else ()
        return ()

    def _of_making(self, file: FileIndex, index: int, depth: int) -> tuple[Template, ...]:
        """The address among the arguments of a maker: those called like one, objects made from one, plain texts."""
        call = file.calls[index]
        named: list[Template] = []
        inner: list[Template] = []
        plain: list[Template] = []
        for argument in call.arguments:
            if argument.name is not None and _PLACES.fullmatch(argument.name):
                named += [one for one in self.texts.argument(file, index, argument.value) if one.said]
            if argument.name is None or not named:
                for value in self._graph.evaluator.argument(file, index, argument.value):
                    inner += self._of_value(value, depth)
                    inner += self._of_mapping(value)
        for position, argument in enumerate(positional(call)[:2]):
            if not isinstance(argument.value, (Mapping, Sequence)) or position == 0:
                plain += [one for one in self.texts.argument(file, index, argument.value) if one.said]
        if not (named or inner):
            for callee in self._graph.evaluator.callee(file, index):
                receiver = callee.receiver if isinstance(callee, (External, FunctionValue)) else callee
                inner += self._of_value(receiver, depth) if isinstance(receiver, (Instance, Object)) else ()
        return tuple(dict.fromkeys((*named, *inner, *plain)))[:_MOST]

    def _of_mapping(self, value: Value) -> list[Template]:
        """``{"bootstrap.servers": x}``."""
        if not isinstance(value, Written) or not isinstance(value.expr, Mapping):
            return []
        keys = [
            key.value
            for key, _ in value.expr.items
            if isinstance(key, Const) and isinstance(key.value, str) and _PLACES.fullmatch(key.value)
        ]
        return [one for one in self.texts.of_written(value, keys) if one.said] if keys else []

    def _topics(self, file: FileIndex, index: int, role: str) -> Iterator[Template]:
        """What a message is about: arguments called so, the first text, and for a consumer what it binds itself to."""
        call = file.calls[index]
        found = list(self._about(file, index))
        if not found and call.arguments and call.arguments[0].name is None:
            found = [one for one in self.texts.argument(file, index, call.arguments[0].value) if one.said]
        if role == "consume":
            for other in file.calls_in.get(file.facts.blocks[call.block].function, ()):
                if _DECLARES.search(f".{leaf_of(file.calls[other].callee)}"):
                    found += self._about(file, other)
        if not found and isinstance(call.callee, Attribute):
            owner = leaf_of(call.callee.of)
            found = (
                [Template((owner,))]
                if _PUBLISHES.search(f".{call.callee.name}") and owner and call.callee.name in _TASKS
                else []
            )
        yield from dict.fromkeys(found[:_MOST])

    def _about(self, file: FileIndex, index: int) -> Iterator[Template]:
        for argument in file.calls[index].arguments:
            if argument.name is not None and _ABOUT.fullmatch(argument.name):
                yield from (one for one in self.texts.argument(file, index, argument.value) if one.said)

    def _logical(self, receiver: Value | None) -> str:
        """The interface of a stub, by the name of the class it is made by: ``pb.OrdersStub(channel)`` is Orders."""
        if not isinstance(receiver, Instance) or receiver.made is None:
            return ""
        file = self._graph.program.file(receiver.made[0])
        name = leaf_of(file.calls[receiver.made[1]].callee) if file is not None else ""
        return name.removesuffix("Stub") if name.endswith("Stub") else ""

    def _addressed(self, file: FileIndex, index: int) -> str:
        """A service named in the call itself: ``invoke(app_id="orders")``, a header that a sidecar routes by."""
        call = file.calls[index]
        expr = expression_at(call, "app_id", 0 if leaf_of(call.callee).startswith("invoke") else None)
        headers = expression_at(call, "headers", None)
        if expr is None and headers is not None:
            for value in self._graph.evaluator.argument(file, index, headers):
                if isinstance(value, Written) and isinstance(value.expr, Mapping):
                    named = [
                        one
                        for key, one in value.expr.items
                        if isinstance(key, Const) and str(key.value).endswith("-app-id")
                    ]
                    expr = named[0] if named else expr
        texts = self.texts.argument(file, index, expr) if expr is not None else ()
        said = texts[0].parts[0] if texts and len(texts[0].parts) == 1 else ""
        return said if isinstance(said, str) else ""

    def _statement(self, file: FileIndex, index: int) -> str:
        """The literal text of a query, for the tables that it names."""
        expr: Expr | None = expression_at(file.calls[index], None, 0)
        texts = self.texts.argument(file, index, expr) if expr is not None else ()
        parts = texts[0].parts if texts else ()
        return "".join(part if isinstance(part, str) else "?" for part in parts)[:2_000] if parts else ""

    def _origins(self, key: FunctionKey) -> tuple[dict[Origin, tuple[int, ...]], bool]:
        """The functions that reach one, itself first, with where they turn to it; and whether anything can start it."""
        known = self._roots.get(key)
        if known is None:
            above = self.calling.above(key)
            live = any(self._starts(one) for one in above)
            found: dict[Origin, tuple[int, ...]] = {}
            for (path, number), way in above.items():
                file = self._graph.program.file(path)
                if file is not None:
                    found.setdefault(Origin(path, file.function(number).qualified if number else ""), way)
            known = self._roots[key] = (found, live)
        return known

    def _starts(self, key: FunctionKey) -> bool:
        return (
            key[1] == 0
            or (not self.calling.callers(key) and self.calling.is_root(key))
            or self._graph.passed_around(key)
        )


_TASKS = frozenset({"delay", "apply_async", "send", "enqueue", "send_with_options"})


def _is_address(text: Template) -> bool:
    """Whether a text is more than a word: a setting, or something with a host in it."""
    return any(
        isinstance(part, Variable) or (isinstance(part, str) and ("://" in part or ":" in part)) for part in text.parts
    )


def _is_path(text: Template) -> bool:
    """Whether a text says only where on a server, not which."""
    first = text.parts[0] if text.parts else ""
    return isinstance(first, Hole) or (
        (isinstance(first, str) and (not first or first.startswith("/") or "://" not in first))
        and not (isinstance(first, str) and re.match(r"[a-z][a-z0-9+.-]*:/?/?$", first))
    )
