"""Whom each remote call is made to: the address in its arguments or in the making of its client, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.facts import Attribute, Const, Mapping, Sequence
from ...nouns.libraries import REMOTE, Effect
from ...nouns.targets import Hole, Origin, Target, Template, Variable
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at, positional
from ..files.index import FileIndex
from ..files.values import CallKey, External, FunctionKey, FunctionValue, Instance, Object, Value, Written
from .calling import Calling
from .handed import handed_calls
from .subjects import Subjects
from .texts import Texts

_PLACES = re.compile(
    r"(?i)(?:.*_)?(?:url|uri|host|hostname|hosts|addr|address|endpoint|endpoint_url|server|servers|bootstrap_servers|brokers?"
    r"|broker_url|dsn|conninfo|connection_string|nodes|contact_points|target|base|domain|api_base|seeds?|metadata_broker_list"
    r"|uris|urls|connection|location|namespace|queueurl|service_name|app_id|bootstrap\.servers|metadata\.broker\.list)"
)
_TOLD = re.compile(r"(?:\w+_)?(?:url|uri|endpoint|api_base|host)")
_DEEP = 5
_MOST = 24


class Targets:
    """Builds the targets of all opened files."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.calling = Calling(graph)
        self.texts = Texts(graph, self.calling)
        self._subjects = Subjects(graph, self.texts)
        self._of_objects: dict[CallKey, tuple[Template, ...]] = {}
        self._roots: dict[FunctionKey, tuple[dict[Origin, tuple[int, ...]], frozenset[str]]] = {}

    def find(self) -> tuple[Target, ...]:
        """Every call that leaves the process, in file and line order."""
        found: dict[CallKey, tuple[Target, ...]] = {}
        for file, index, resolved in (*self._graph.library_calls(), *handed_calls(self._graph, self.calling)):
            found[file.path, index] = found.get((file.path, index)) or self._targets(file, index, resolved)
        every = (target for several in found.values() for target in several)
        return tuple(sorted(every, key=lambda one: (one.place.path, one.place.span)))

    def _targets(self, file: FileIndex, index: int, found: tuple[Resolved, ...]) -> tuple[Target, ...]:
        for one in found:
            effects = frozenset(one.operation.effects) & REMOTE if one.operation is not None else frozenset()
            making = (
                one.path and "onsumer" in one.path and self._graph.program.catalog.makings.get(one.path) is not None
            )
            if making and not effects:
                effects = frozenset({Effect.QUEUE})
            if effects and one.path:
                return tuple(self._by_caller(file, index, one, self._described(file, index, one, effects)))
        return ()

    def _by_caller(self, file: FileIndex, index: int, one: Resolved, target: Target) -> Iterator[Target]:
        """A call in a helper that is told where to turn: one target for each thing that its callers tell it."""
        key = (file.path, file.facts.blocks[file.calls[index].block].function)
        told: dict[tuple[tuple[Template, ...], str], list[CallKey]] = {}
        for caller in self.calling.callers(key) if len(target.addresses) > 1 else ():
            with self.texts.called_from(key, caller):
                said = (self._addresses(file, index, one), self._subjects.verb(file, index, one))
            told.setdefault(said, []).append(caller)
        if len(told) < 2:
            yield target
            return
        for (addresses, verb), callers in told.items():
            origins, begun = self._through(key, callers)
            yield replace(target, addresses=addresses, verb=verb, origins=origins, begun=begun, dead=not begun)

    def _through(
        self, key: FunctionKey, callers: list[CallKey]
    ) -> tuple[dict[Origin, tuple[int, ...]], frozenset[str]]:
        """What `origins` tells of a function, as far as it is reached by some of its callers."""
        origins: dict[Origin, tuple[int, ...]] = {next(iter(self.origins(key)[0])): ()}
        begun = {key[0]} if self._starts(key) else set()
        for path, index in callers:
            file = self._graph.program.file(path)
            if file is None:
                continue
            span = file.calls[index].span
            above, files = self.origins((path, file.facts.blocks[file.calls[index].block].function))
            begun |= files
            for origin, way in above.items():
                origins.setdefault(origin, (*way, span.line, span.column))
        return origins, frozenset(begun)

    def _described(self, file: FileIndex, index: int, one: Resolved, effects: frozenset[Effect]) -> Target:
        call = file.calls[index]
        function = (file.path, file.facts.blocks[call.block].function)
        origins, begun = self.origins(function)
        role = self._subjects.role(one.path, effects)
        return Target(
            place=file.place(call.span),
            operation=one.path,
            effects=effects,
            function=file.function(function[1]).qualified,
            addresses=self._addresses(file, index, one) or self._told(one.receiver),
            topics=tuple(self._subjects.topics(file, index, role)) if role else (),
            role=role,
            verb=self._subjects.verb(file, index, one),
            method=one.path.rpartition(".")[2],
            logical=self._subjects.logical(one.receiver) or self._subjects.addressed(file, index, one),
            protocol="rpc" if Effect.RPC in effects and not self._subjects.logical(one.receiver) else "",
            component=self._component(file, index, one),
            product=self._graph.program.catalog.product_of(one.path),
            statement=self._subjects.statement(file, index) if Effect.DATABASE in effects else "",
            origins=origins,
            begun=begun,
            dead=not begun,
        )

    def _component(self, file: FileIndex, index: int, one: Resolved) -> Template | None:
        at = one.operation.component if one.operation is not None else None
        expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
        return self.texts.argument(file, index, expr)[0] if expr is not None else None

    def _addresses(self, file: FileIndex, index: int, one: Resolved) -> tuple[Template, ...]:
        """The address in the call, put behind the one of its client where it is only a path."""
        at = one.operation.url if one.operation is not None else None
        expr = expression_at(file.calls[index], at.argument, at.position) if at is not None else None
        own = self.texts.by_caller(file, index, expr) if expr is not None else ()
        whole = [text for text in own if not _is_path(text)]
        client = self._of_value(one.receiver, 0) if not whole or len(whole) < len(own) else ()
        if not own:
            return client or self._of_owner(file, index) or self._of_opening(file, index, one)
        paths = [text for text in own if _is_path(text)]
        joined = [Template((*base.parts, *path.parts)) for base in client for path in paths]
        return tuple(dict.fromkeys((*whole, *joined)))[:_MOST] or own[:_MOST]

    def _told(self, client: Value | None) -> tuple[Template, ...]:
        """Nothing, or a hole where the maker of a client is told an address that cannot be known."""
        made = client.made if isinstance(client, Instance) else None
        file = self._graph.program.file(made[0]) if made is not None else None
        if made is None or file is None:
            return ()
        told = (one.name for one in file.calls[made[1]].arguments if one.name is not None and _TOLD.fullmatch(one.name))
        return tuple(Template((Hole(name),)) for name in told)[:1]

    def _of_owner(self, file: FileIndex, index: int) -> tuple[Template, ...]:
        """What the object that a call is made on was made from, where only that can be followed."""
        callee = file.calls[index].callee
        texts = self.texts.argument(file, index, callee.of) if isinstance(callee, Attribute) else ()
        return tuple(one for one in texts if one.said and _is_address(one))[:_MOST]

    def _of_opening(self, file: FileIndex, index: int, one: Resolved) -> tuple[Template, ...]:
        opens = self._graph.program.catalog.makers.get(one.path) is not None
        return self.of_making(file, index, 0) if opens else ()

    def _of_value(self, value: Value | None, depth: int) -> tuple[Template, ...]:
        """Where an object talks to: by the call that made it, or by what it was made from."""
        if (
            isinstance(value, Instance)
            and value.made is not None
            and depth < _DEEP
            and value.type not in self._graph.program.catalog.applications
        ):
            known = self._of_objects.get(value.made)
            if known is None:
                self._of_objects[value.made] = ()
                file = self._graph.program.file(value.made[0])
                known = self.of_making(file, value.made[1], depth + 1) if file is not None else ()
                self._of_objects[value.made] = known
            return known
        if isinstance(value, Object) and value.made is not None and depth < _DEEP:
            file = self._graph.program.file(value.made[0])
            return self.of_making(file, value.made[1], depth + 1) if file is not None else ()
        return ()

    def of_making(self, file: FileIndex, index: int, depth: int = 0) -> tuple[Template, ...]:
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
        ported = self._with_port(file, index, named or plain) if not inner else []
        return tuple(dict.fromkeys((*ported, *named, *inner, *plain)))[:_MOST]

    def _with_port(self, file: FileIndex, index: int, hosts: list[Template]) -> list[Template]:
        """Hosts with the port that stands beside them: ``Client("db", 27017)``, ``Client(host=h, port=p)``."""
        expr = expression_at(file.calls[index], "port", 1)
        ports = self.texts.argument(file, index, expr) if expr is not None else ()
        said = [one for one in ports if _is_port(one)]
        return [
            Template((*host.parts, ":", *said[0].parts))
            for host in hosts
            if said and _is_bare(host) and host not in said
        ]

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

    def origins(self, key: FunctionKey) -> tuple[dict[Origin, tuple[int, ...]], frozenset[str]]:
        """The functions that reach one, itself first, with where they turn to it; the files where that begins."""
        known = self._roots.get(key)
        if known is None:
            above = self.calling.above(key)
            begun = frozenset(one[0] for one in above if self._starts(one))
            begun = begun or frozenset(one[0] for one in above if self._may_start(one))
            found: dict[Origin, tuple[int, ...]] = {}
            for (path, number), way in above.items():
                file = self._graph.program.file(path)
                if file is not None:
                    found.setdefault(Origin(path, file.function(number).qualified if number else ""), way)
            known = self._roots[key] = (found, begun)
        return known

    def _starts(self, key: FunctionKey) -> bool:
        alone = not self.calling.callers(key)
        return key[1] == 0 or (alone and self.calling.is_begun(key)) or self._graph.passed_around(key)

    def _may_start(self, key: FunctionKey) -> bool:
        return not self.calling.callers(key) and self.calling.is_spoken(key)


def _is_address(text: Template) -> bool:
    """Whether a text is more than a word: a setting, or something with a host in it."""
    return any(
        isinstance(part, Variable) or (isinstance(part, str) and ("://" in part or ":" in part)) for part in text.parts
    )


def _is_bare(text: Template) -> bool:
    """Whether a text can be a host by itself: a word or one setting, and no number."""
    first = text.parts[0] if len(text.parts) == 1 else ""
    return isinstance(first, Variable) or (
        isinstance(first, str) and re.fullmatch(r"[\w.-]*[A-Za-z][\w.-]*", first) is not None
    )


def _is_port(text: Template) -> bool:
    """Whether a text is a number, or a setting that is called a port."""
    first = text.parts[0] if len(text.parts) == 1 else ""
    return "PORT" in first.name.upper() if isinstance(first, Variable) else isinstance(first, str) and first.isdigit()


def _is_path(text: Template) -> bool:
    """Whether a text says only where on a server, not which."""
    first = text.parts[0] if text.parts else ""
    return isinstance(first, Hole) or (
        (isinstance(first, str) and (not first or first.startswith("/") or "://" not in first))
        and not (isinstance(first, str) and re.match(r"[a-z][a-z0-9+.-]*:/?/?$", first))
    )
