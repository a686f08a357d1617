"""What the object a call is made on says about its limit: client, session, adapter, subclass, later settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...nouns.facts import Attribute, Const, Expr, Name
from ...nouns.libraries import Client, TimeLimit
from ...nouns.project import Limit
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, ClassValue, Instance, Object, Partial, Value
from .amounts import Outcome

if TYPE_CHECKING:
    from . import Limits

_LIMIT_WORDS = ("timeout", "deadline", "time_limit")


class Receivers:
    """Limits that clients hold for the calls made on them."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self._graph = graph
        self._limits = limits
        self._makings: dict[CallKey, Outcome | None] = {}
        self._by_type: dict[str, Limit | None] = {}

    def limit(self, receiver: Value | None, operation: str) -> Outcome | None:
        """The limit that a receiver gives to `operation`; None when it says nothing of limits."""
        if isinstance(receiver, Object):
            return self._of_object(receiver, operation)
        if isinstance(receiver, ClassValue):
            return self._of_object(Object(receiver.path, receiver.index), operation)
        if isinstance(receiver, Instance):
            client = self._graph.program.catalog.clients.get(receiver.type)
            if client is None:
                return None
            if receiver.made is None:
                return self._of_unseen(client, receiver)
            return self.of_making(client, receiver.made)
        return None

    def _of_unseen(self, client: Client, receiver: Instance) -> Limit | None:
        """A client that is only known by its type: its default holds unless somebody set another limit.

        Where the program makes such clients, and gives none of them a limit, this one is most likely one of those.
        """
        if client.timeout is None:
            return None
        limit = self._limits.default(client.timeout, receiver.type, ("", 0))
        if limit.state == "bounded":
            return msgspec.structs.replace(limit, how="client")
        if client.type not in self._by_type:
            self._by_type[client.type] = None  # what the makings are given may lead here again
            settable = client.limit_setters or client.limit_attributes or client.carriers
            self._by_type[client.type] = None if settable else self._of_all(client)
        return self._by_type[client.type] or Limit("unknown", "unseen", "the client is made where nobody can look")

    def _of_all(self, client: Client) -> Limit | None:
        """That no client of this type which the program makes has a limit; None where one has, or there is none."""
        made = [
            self.of_making(client, (file.path, index))
            for file, index, found in self._graph.library_calls()
            if any(self._graph.program.catalog.makings.get(one.path) == client.type for one in found)
        ]
        first = made[0] if made else None
        without = all(isinstance(one, Limit) and one.state == "unbounded" for one in made)
        return msgspec.structs.replace(first, certain=False) if without and isinstance(first, Limit) else None

    def of_making(self, client: Client, made: CallKey) -> Outcome | None:
        """The limit of a client by the call that makes it and by what is done to it afterwards."""
        if made not in self._makings:
            self._makings[made] = self._of_making(client, made)
        return self._makings[made]

    def _is_theirs(self, file: FileIndex, index: int, client: Client) -> bool:
        """Whether a class makes the client for the type it derives from, which gives each call its limit."""
        owner = file.function(file.facts.blocks[file.calls[index].block].function).cls
        bases = self._graph.evaluator.members.library_bases(file.path, owner) if owner >= 0 else ()
        return not set(client.limited_by).isdisjoint(bases)

    def _of_making(self, client: Client, made: CallKey) -> Outcome | None:
        file = self._graph.program.file(made[0])
        if file is None:
            return None
        later = self._set_later(file, made[1], client)
        if later is not None:
            return later
        if client.transport is not None:
            carried = self._transport(file, made[1], client)
            if carried is not None:
                return carried
        opening = self._of_opening(file, made[1])
        if opening is not None:
            return opening
        if client.timeout is None or self._is_theirs(file, made[1], client):
            return None
        passed = self._limits.passing.of(file, made[1], client.timeout, Resolved(client.type))
        if passed is not None:
            return _as_client(passed, client)
        whole = client.timeout.whole_process
        if whole in self._limits.process_wide:
            return self._limits.process_wide[whole or ""]
        return _as_client(self._limits.default(client.timeout, client.type, made), client)

    def _of_opening(self, file: FileIndex, index: int) -> Outcome | None:
        """The limit of the operation that opened the connection: it stays on the object, and is told there."""
        for one in self._graph.of(file.path, index):
            spec = one.operation.timeout if one.operation is not None else None
            if spec is not None:
                limit = self._limits.own(file, index, spec, one) or self._limits.default(
                    spec, one.path, (file.path, index)
                )
                return msgspec.structs.replace(limit, how="client") if isinstance(limit, Limit) else limit
        return None

    def _transport(self, file: FileIndex, index: int, client: Client) -> Outcome | None:
        at = client.transport
        expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
        if expr is None or expr == Const(None):
            return None
        for value in self._graph.evaluator.argument(file, index, expr):
            if isinstance(value, Instance):
                described = self._graph.program.catalog.limits.get(value.type)
                if described is not None and value.made is not None:
                    return self._limits.amounts.of_object(described, value.made)
        return Limit("unknown", "unseen", "another object given to the client may hold the limit")

    def set_here(self, file: FileIndex, index: int, receiver: Value | None) -> Outcome | None:
        """What is set on the name by which a call knows its receiver, which a helper may have made."""
        callee = file.calls[index].callee
        client = self._graph.program.catalog.clients.get(receiver.type) if isinstance(receiver, Instance) else None
        return self._set_on(file, callee.of, index, client) if client and isinstance(callee, Attribute) else None

    def _set_later(self, file: FileIndex, index: int, client: Client) -> Outcome | None:
        """``sock.settimeout(5)``, ``client.timeout = 5``, ``session.request = partial(…)``, ``session.mount(…)``."""
        found = (self._set_on(file, target, index, client) for target in self._names_of(file, index))
        return next((one for one in found if one is not None), None)

    def _set_on(self, file: FileIndex, target: Expr, index: int, client: Client) -> Outcome | None:
        name = shown(file, target)
        own = self._own_function(file, index, target)
        for other in range(len(file.calls)) if own is None else file.calls_in.get(own, ()):
            callee = file.calls[other].callee
            if isinstance(callee, Attribute) and shown(file, callee.of) == name:
                if callee.name in client.limit_setters:
                    told = self._told(file, other, client, callee.name)
                    if told is not None:
                        return told
                if callee.name in client.carriers:
                    carried = self._carried(file, other)
                    if carried is not None:
                        return carried
        return self._assigned(file, name, client, own)

    def _told(self, file: FileIndex, index: int, client: Client, name: str) -> Outcome | None:
        """What a call such as `settimeout(5)` or `connect(host, timeout=5)` makes of the limit; None when nothing."""
        operation = self._graph.program.catalog.operations.get(f"{client.type}.{name}")
        if operation is not None and operation.timeout is not None:
            return self._limits.passing.of(file, index, operation.timeout)
        expr = expression_at(file.calls[index], None, 0)
        values = self._graph.evaluator.argument(file, index, expr) if expr is not None else ()
        return self._limits.amounts.of_values(values, TimeLimit(), (file.path, index), f"{name}({shown(file, expr)})")

    @staticmethod
    def _own_function(file: FileIndex, index: int, target: Expr) -> int | None:
        """The function whose local variable holds what a call makes; None for what others may reach."""
        block = file.calls[index].block
        scope = file.scope(block)
        local = isinstance(target, Name) and scope > 0 and (scope, target.id) in file.names
        return file.facts.blocks[block].function if local else None

    def _assigned(self, file: FileIndex, name: str, client: Client, own: int | None) -> Outcome | None:
        for binding in file.facts.bindings if own is None else file.bindings_in.get(own, ()):
            target = binding.target
            if not isinstance(target, Attribute) or binding.value is None or shown(file, target.of) != name:
                continue
            values = self._graph.evaluator.values(
                file, binding.block, binding.value, binding.span.line, binding.span.column
            )
            if target.name in client.limit_attributes:
                key = (file.path, 0)
                return self._limits.amounts.of_values(
                    values, TimeLimit(), key, f"{target.name}={shown(file, binding.value)}"
                )
            if self._graph.program.catalog.operations.get(f"{client.type}.{target.name}") is not None:
                for value in values:
                    if isinstance(value, Partial):
                        inner = self._graph.program.file(value.call[0])
                        spec = TimeLimit(argument="timeout", parts=("connect", "read"))
                        passed = None if inner is None else self._limits.passing.of(inner, value.call[1], spec)
                        if passed is not None:
                            return passed
                    return Limit("unknown", "unseen", f"`{name}.{target.name}` is replaced")
        return None

    def _names_of(self, file: FileIndex, index: int) -> list[Expr]:
        """The names and attributes that hold the object made by a call, in its own file."""
        return [
            binding.target
            for binding in file.facts.bindings
            if binding.value is not None
            and getattr(binding.value, "index", None) == index
            and type(binding.value).__name__ == "CallRef"
            and hasattr(binding.target, "__struct_fields__")
        ]

    def _carried(self, file: FileIndex, index: int) -> Outcome | None:
        """An adapter given to the client: one of the program's own classes that speaks of a limit sets one."""
        for argument in file.calls[index].arguments:
            for value in self._graph.evaluator.argument(file, index, argument.value):
                if isinstance(value, Object) and self._speaks_of_limit(value):
                    return Limit(
                        "bounded",
                        "adapter",
                        "bounded by the adapter mounted on it",
                        set_at=file.place(file.calls[index].span),
                    )
        return None

    def _of_object(self, receiver: Object, operation: str) -> Outcome | None:
        """A class of the program that derives from a client: what it overrides, then what its making says."""
        if self._overrides(receiver, operation):
            return Limit("bounded", "wrapper", "bounded by the class it is called on")
        for base in self._graph.evaluator.members.library_bases(receiver.path, receiver.index):
            client = self._graph.program.catalog.clients.get(base)
            if client is not None and client.timeout is not None:
                if receiver.made is None:
                    return Limit("unknown", "unseen", "its own class may set the limit")
                made = self.of_making(client, receiver.made)
                if isinstance(made, Limit) and made.state == "unbounded":
                    return Limit("unknown", "unseen", "its own class may set the limit")
                return made
        return None

    def _overrides(self, receiver: Object, operation: str) -> bool:
        family = operation.rpartition(".")[0]
        for path, index in self._graph.evaluator.members.lineage(receiver.path, receiver.index):
            file = self._graph.program.file(path)
            if file is None:
                continue
            for (cls, name), method in file.methods.items():
                known = self._graph.program.catalog.operations.get(f"{family}.{name}")
                if cls == index and (known is not None or name == "__init__") and self._method_speaks(file, method):
                    return True
        return False

    def _speaks_of_limit(self, value: Object) -> bool:
        for path, index in self._graph.evaluator.members.lineage(value.path, value.index):
            file = self._graph.program.file(path)
            if file is not None and any(
                cls == index and self._method_speaks(file, method) for (cls, _), method in file.methods.items()
            ):
                return True
        return False

    @staticmethod
    def _method_speaks(file: FileIndex, method: int) -> bool:
        """Whether a method names a limit: as parameter with a default, argument, key, or attribute."""
        for parameter in file.function(method).parameters:
            if parameter.name in _LIMIT_WORDS and parameter.default not in (None, Const(None)):
                return True
        for index in file.calls_in.get(method, ()):
            call = file.calls[index]
            for argument in call.arguments:
                if argument.name in _LIMIT_WORDS and argument.value != Const(None):
                    return True
                if isinstance(argument.value, Const) and argument.value.value in _LIMIT_WORDS:
                    return True
        return any(
            getattr(getattr(binding.target, "key", None), "value", None) in _LIMIT_WORDS
            for binding in file.facts.bindings
            if file.facts.blocks[binding.block].function == method
        )


def _as_client(outcome: Outcome, client: Client) -> Outcome:
    """A limit, or its absence, that the client carries: calls do not repeat what is said where it is made."""
    if not isinstance(outcome, Limit):
        return outcome
    if outcome.how == "default" and outcome.state == "unbounded" and client.report == "call":
        return outcome
    return msgspec.structs.replace(outcome, how="client", by_default=outcome.how == "default")
