"""What a remote call is about: its part in messaging, topics, verb, the service it names, the text of its query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.acts import Act
from ...nouns.facts import Attribute, Call, CallRef, Const, Expr, Mapping
from ...nouns.libraries import Effect
from ...nouns.targets import Template
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.values import Instance, Value, Written
from .texts import Texts

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
_TASKS = frozenset({"delay", "apply_async", "send", "enqueue", "send_with_options"})
_PUT_OFF = frozenset({"delay", "delay_on_commit"})
_SIGNED = frozenset({"signature", "subtask"})
_MOST = 24


class Subjects:
    """Reads one call at a time."""

    def __init__(self, graph: Graph, texts: Texts) -> None:
        self._graph = graph
        self._texts = texts

    def role(self, path: str, effects: frozenset[Effect]) -> Literal["", "publish", "consume"]:
        """What the catalog says that a call does with messages, else what its name does where it speaks to a broker."""
        acts = self._graph.program.catalog.does(path)
        if acts & _SENDING:
            return "publish"
        if acts & _TAKING:
            return "consume"
        queued = Effect.QUEUE in effects or (effects & {Effect.CACHE, Effect.CLOUD} and _PUBLISHES.search(path))
        if queued and _CONSUMES.search(path):
            return "consume"
        if not queued:
            return ""
        return "publish" if _PUBLISHES.search(path) else ""

    def verb(self, file: FileIndex, index: int, one: Resolved) -> str:
        """The verb of a request: by the call's name, else by its argument; "" where that cannot be told."""
        leaf = one.path.rpartition(".")[2]
        if leaf in _VERBS:
            return leaf.upper()
        verb = one.operation.verb if one.operation is not None else None
        expr = expression_at(file.calls[index], verb.argument, verb.position) if verb is not None else None
        return str(expr.value).upper() if isinstance(expr, Const) and isinstance(expr.value, str) else ""

    def topics(self, file: FileIndex, index: int, role: str) -> Iterator[Template]:
        """What a message is about: arguments called so, the first text, and for a consumer what it binds itself to."""
        call = file.calls[index]
        tasked = self._of_task(call, file) if role == "publish" else []
        if tasked:
            yield from tasked
            return
        found = list(self._about(file, index))
        if not found and call.arguments and call.arguments[0].name is None:
            first = call.arguments[0].value
            keys = [key for key, _ in first.items if key is not None] if isinstance(first, Mapping) else [first]
            found = [one for key in keys for one in self._texts.argument(file, index, key) if one.said]
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
        if leaf_of(call.callee) == "send_task":  # a task without a name of its own is called after its module too
            names = [one.parts[0] for one in found if len(one.parts) == 1]
            found += [Template((name.rpartition(".")[2],)) for name in names if isinstance(name, str) and "." in name]
        yield from dict.fromkeys(found[:_MOST])

    def _of_task(self, call: Call, file: FileIndex) -> list[Template]:
        """The task that is put off by a call on it, whose arguments are its own: its name, or that in a signature."""
        if not isinstance(call.callee, Attribute) or call.callee.name not in _PUT_OFF:
            return []
        of = call.callee.of
        if not isinstance(of, CallRef):
            return [Template((leaf_of(of),))] if leaf_of(of) else []
        made = file.calls[of.index]
        named = expression_at(made, "name", 0) if leaf_of(made.callee) in _SIGNED else None
        texts = [one for one in self._texts.argument(file, of.index, named) if one.said] if named is not None else []
        owner = made.callee.of if isinstance(made.callee, Attribute) else None
        return texts or ([Template((leaf_of(owner),))] if owner is not None and leaf_of(owner) else [])

    def _about(self, file: FileIndex, index: int) -> Iterator[Template]:
        for argument in file.calls[index].arguments:
            if argument.name is None or not _ABOUT.fullmatch(argument.name):
                continue
            if isinstance(argument.value, Mapping):  # places to read from, by stream
                keys = [key for key, _ in argument.value.items if key is not None]
                yield from (one for key in keys for one in self._texts.argument(file, index, key) if one.said)
            else:
                yield from (one for one in self._texts.argument(file, index, argument.value) if one.said)

    def logical(self, receiver: Value | None) -> str:
        """The interface of a stub, by the name of the class it is made by: ``pb.OrdersStub(channel)`` is Orders."""
        if not isinstance(receiver, Instance) or receiver.made is None:
            return ""
        file = self._graph.program.file(receiver.made[0])
        name = leaf_of(file.calls[receiver.made[1]].callee) if file is not None else ""
        return name.removesuffix("Stub") if name.endswith("Stub") else ""

    def addressed(self, file: FileIndex, index: int, one: Resolved) -> str:
        """A service named in the call itself: ``invoke(app_id="orders")``, a header that a sidecar routes by."""
        call = file.calls[index]
        at = one.operation.service if one.operation is not None else None
        if at is not None and at.source == "name" and isinstance(one.receiver, Instance):
            return one.path.removeprefix(f"{one.receiver.type}.").partition(".")[0]
        expr = expression_at(call, at.argument, at.position) if at is not None else None
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
        texts = self._texts.argument(file, index, expr) if expr is not None else ()
        said = texts[0].parts[0] if texts and len(texts[0].parts) == 1 else ""
        return said if isinstance(said, str) else ""

    def statement(self, file: FileIndex, index: int) -> str:
        """The literal text of a query, for the tables that it names."""
        expr: Expr | None = expression_at(file.calls[index], None, 0)
        texts = self._texts.argument(file, index, expr) if expr is not None else ()
        parts = texts[0].parts if texts else ()
        return "".join(part if isinstance(part, str) else "?" for part in parts)[:2_000] if parts else ""
