"""Sites: every call that means something, with its effects, context and effective limit."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..facts import CallRef, Const, Name
from ..libraries import REMOTE, Client, Effect, Operation
from ..project import FunctionRef, Limit, Site, Way
from .amounts import UNSEEN, Depends, mend_of
from .contexts import Contexts
from .effects import Effects
from .ending import ended_by
from .graph import Graph, Resolved
from .index import FileIndex
from .limits import Limits
from .showing import shown
from .values import CallKey, FunctionKey, Instance

_WRAPPERS_DEEP = 5
_TOLD = REMOTE | {Effect.BLOCKING, Effect.WAIT, Effect.SLEEP, Effect.FILE, Effect.PROCESS}


class Sites:
    """Builds the sites of all opened files."""

    def __init__(self, graph: Graph, effects: Effects, contexts: Contexts, limits: Limits) -> None:
        self._graph = graph
        self._effects = effects
        self._contexts = contexts
        self._limits = limits
        self._through: dict[CallKey, tuple[Limit, str]] = {}  # callers that decide a wrapper's limit
        self._own: dict[CallKey, Limit] = {}
        self._on_client: dict[CallKey, list[Limit]] = {}  # the making of a client -> limits of calls on it
        self._functions: dict[FunctionKey, FunctionRef] = {}
        self.by_call: dict[CallKey, Site] = {}

    def build(self) -> tuple[Site, ...]:
        """All sites, in file and line order."""
        graph = self._graph
        for path in sorted(graph.program.opened):
            file = graph.program.opened[path]
            for index in graph.calls_of(path):
                for one in graph.of(path, index):
                    if one.operation is not None:
                        self._decide((path, index), one)
        found: list[Site] = []
        for path in sorted(graph.program.opened):
            file = graph.program.opened[path]
            for index in graph.calls_of(path):
                site = self._site(file, index)
                if site is not None:
                    self.by_call[(path, index)] = site
                    found.append(site)
        return tuple(sorted(found, key=lambda site: (site.place.path, site.place.span)))

    def _decide(self, key: CallKey, one: Resolved) -> None:
        """The limit of an operation; where callers decide it, what each of them makes of it."""
        outcome = self._limits.of(key, one)
        if isinstance(outcome, Depends):
            known = not isinstance(one.receiver, Instance) or one.receiver.made is not None
            self._own[key] = self._limits.said_at_client(one, self._from_callers(outcome, key, one.path, known))
        else:
            self._own[key] = outcome
            if isinstance(one.receiver, Instance) and one.receiver.made is not None:
                self._on_client.setdefault(one.receiver.made, []).append(outcome)

    def _from_callers(self, depends: Depends, key: CallKey, operation: str, known: bool = True) -> Limit:
        target = self._graph.program.opened[depends.function[0]]
        function = target.function(depends.function[1])
        default = self._limits.parameter_default(depends) if not depends.options else UNSEEN
        own = default if isinstance(default, Limit) and default.state == "bounded" else UNSEEN
        if function.name == "__init__" and self._function_of(key) != depends.function:
            return self._from_makers(depends, own)
        self._ask_callers(depends, operation, known, set())
        return own if own.state == "bounded" else Limit("unknown", "caller", "its callers decide")

    def _from_makers(self, depends: Depends, own: Limit) -> Limit:
        """A limit kept on an object: only when every making of it says the same is anything claimed."""
        outcomes = [self._limits.at_caller(depends, caller) for caller in self._graph.callers.get(depends.function, ())]
        limits = [outcome for outcome in outcomes if isinstance(outcome, Limit)]
        agreed = len(limits) == len(outcomes) and len({limit.state for limit in limits}) == 1
        return limits[0] if agreed and limits[0].state != "unknown" else own

    def _ask_callers(self, depends: Depends, operation: str, known: bool, seen: set[CallKey], depth: int = 0) -> None:
        for caller in self._graph.callers.get(depends.function, ()):
            if caller in seen or depth > _WRAPPERS_DEEP:
                continue
            seen.add(caller)
            outcome = self._limits.at_caller(depends, caller)
            if isinstance(outcome, Depends):
                self._ask_callers(outcome, operation, known, seen, depth + 1)
                continue
            file = self._graph.program.opened[caller[0]]
            around = (
                self._limits.enclosing(file, caller[1], asynchronous=True) if outcome.state == "unbounded" else None
            )
            if caller not in self._through or outcome.state == "unbounded":
                limit = around if around is not None and self._awaits(caller) else outcome
                self._through[caller] = (limit if known else replace(limit, certain=False), operation)

    def _awaits(self, key: CallKey) -> bool:
        file = self._graph.program.opened[key[0]]
        return file.calls[key[1]].awaited

    def _function_of(self, key: CallKey) -> FunctionKey:
        file = self._graph.program.opened[key[0]]
        return key[0], file.facts.blocks[file.calls[key[1]].block].function

    def _site(self, file: FileIndex, index: int) -> Site | None:
        key = (file.path, index)
        for one in self._graph.of(*key):
            if one.operation is not None:
                return self._direct(file, index, one)
        for one in self._graph.of(*key):
            client = self._client_made(one)
            if client is not None:
                return self._making(file, index, one, client)
            if one.function is not None:
                spread = self._effects.spread_from(one.function, file.path)
                if spread & _TOLD:
                    return self._indirect(file, index, one.function, spread)
        return None

    def _client_made(self, one: Resolved) -> Client | None:
        made = self._graph.program.catalog.makings.get(one.path) if one.path else None
        client = self._graph.program.catalog.clients.get(made) if made is not None else None
        return client if client is not None and client.timeout is not None else None

    def _direct(self, file: FileIndex, index: int, one: Resolved) -> Site | None:
        operation = one.operation
        if operation is None:
            return None
        site = self._made(
            file,
            index,
            one.path,
            self._effects_of(file, index, operation),
            direct=True,
            limit=self._own.get((file.path, index)),
            batch=operation.batch,
            many=operation.many,
            brief=operation.brief,
            mend=mend_of(operation.timeout),
        )
        return site if one.certain else replace(site, certain=False)

    def _effects_of(self, file: FileIndex, index: int, operation: Operation) -> frozenset[Effect]:
        effects = frozenset(operation.effects)
        ended = ended_by(self._graph.evaluator, file, index, operation)
        return effects - {Effect.BLOCKING, Effect.WAIT} if ended else effects

    def _making(self, file: FileIndex, index: int, one: Resolved, client: Client) -> Site | None:
        key = (file.path, index)
        outcome = self._limits.receivers.of_making(client, key)
        if isinstance(outcome, Depends):
            outcome = self._from_callers(outcome, key, one.path)
        if outcome is None or (outcome.state == "bounded" and not outcome.by_default):
            return None
        on_calls = self._on_client.get(key, [])
        if on_calls and all(limit.state == "bounded" and limit.how != "client" for limit in on_calls):
            return None
        if (
            client.report == "call"
            and outcome.state == "unbounded"
            and not (outcome.on_purpose or outcome.connect_only)
        ):
            return None
        return self._made(
            file, index, one.path, frozenset(), direct=True, limit=outcome, is_client=True, mend=mend_of(client.timeout)
        )

    def _indirect(self, file: FileIndex, index: int, callee: FunctionKey, effects: frozenset[Effect]) -> Site:
        ways = {
            effect: Way(self._effects.last_operation(callee, effect), self._effects.trail(callee, effect))
            for effect in effects & _TOLD
        }
        decided = self._through.get((file.path, index))
        main = next(
            (ways[effect].operation for effect in sorted(effects & REMOTE)), next(iter(ways.values())).operation
        )
        return self._made(
            file,
            index,
            decided[1] if decided is not None else main,
            effects,
            direct=False,
            limit=decided[0] if decided is not None else None,
            ways=ways,
            brief=all(self._is_brief(way.operation) for way in ways.values()),
        )

    def _is_brief(self, path: str) -> bool:
        operation = self._graph.program.catalog.operations.get(path)
        return operation is not None and operation.brief

    def _made(
        self,
        file: FileIndex,
        index: int,
        operation: str,
        effects: frozenset[Effect],
        *,
        direct: bool,
        limit: Limit | None,
        ways: dict[Effect, Way] | None = None,
        batch: str | None = None,
        many: bool = False,
        is_client: bool = False,
        mend: str = "",
        brief: bool = False,
    ) -> Site:
        call = file.calls[index]
        started = self._graph.starts(file, index)
        return Site(
            place=file.place(call.span),
            function=self.function((file.path, file.facts.blocks[call.block].function)),
            call=shown(file, call.callee),
            operation=operation,
            effects=effects,
            context=self._contexts.of(file, call.block),
            awaited=call.awaited or index in file.awaited,
            direct=direct,
            limit=limit,
            ways=ways or {},
            mend=mend or "`timeout=`",
            batch=batch,
            many=many,
            discarded=call.discarded,
            receiver=shown(file, getattr(call.callee, "of", None)),
            offloaded=started == "offload",
            is_client=is_client,
            scheduled=started == "spawn" or self._only_made(file, index, effects),
            streams=self._streams(file, index),
            brief=brief,
        )

    def _only_made(self, file: FileIndex, index: int, effects: frozenset[Effect]) -> bool:
        """Whether a call only makes a coroutine that something else will run."""
        call = file.calls[index]
        if call.awaited or index in file.entered:
            return False
        for one in self._graph.of(file.path, index):
            if one.function is not None:
                inner = self._graph.program.opened.get(one.function[0])
                return inner is not None and inner.function(one.function[1]).is_async
        return (
            bool(effects & REMOTE)
            and Effect.BLOCKING not in effects
            and file.function(file.facts.blocks[call.block].function).is_async
        )

    @staticmethod
    def _streams(file: FileIndex, index: int) -> bool:
        """Whether the answer is read piece by piece, so that a limit on the whole would cut it off."""
        for block in file.facts.blocks:
            if block.kind == "with" and block.subject == CallRef(index) and isinstance(block.target, Name):
                name = block.target.id
                function = file.facts.blocks[file.calls[index].block].function
                for other in file.facts.blocks:
                    if (
                        other.kind == "loop"
                        and other.function == function
                        and name in shown(file, other.subject).split(".")
                    ):
                        return True
                for one in file.calls_in.get(function, ()):
                    if any(argument.value == Name(name) for argument in file.calls[one].arguments):
                        return True
        return any(
            argument.name == "stream" and argument.value == Const(True) for argument in file.calls[index].arguments
        )

    def function(self, key: FunctionKey) -> FunctionRef:
        """The function of that key as checks see it."""
        known = self._functions.get(key)
        if known is None:
            file = self._graph.program.opened[key[0]]
            facts = file.function(key[1])
            known = FunctionRef(key[0], key[1], facts.qualified, facts.is_async, file.place(facts.span))
            self._functions[key] = known
        return known

    def within(self, file: FileIndex, block: int) -> Iterator[Site]:
        """The sites inside a block of one function."""
        function = file.facts.blocks[block].function
        for index in file.calls_in.get(function, ()):
            site = self.by_call.get((file.path, index))
            if site is not None and file.inside(file.calls[index].block, block):
                yield site

    def in_function(self, key: FunctionKey) -> Iterator[Site]:
        """The sites of one function."""
        file = self._graph.program.opened.get(key[0])
        for index in () if file is None else file.calls_in.get(key[1], ()):
            site = self.by_call.get((key[0], index))
            if site is not None:
                yield site
