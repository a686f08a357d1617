"""Sites: every call that means something, with its effects, context and effective limit."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.acts import Act
from ...nouns.libraries import REMOTE, Client, Effect, Operation
from ...nouns.project import FunctionRef, Site, Way
from ...nouns.source import Place
from ..calls.addresses import asked_for
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.effects import Effects, Mark
from ..calls.ending import ended_by
from ..calls.flow import built_of, given_by, given_since, is_unheeded, streams, used_by
from ..calls.graph import Graph, Resolved
from ..calls.iterating import is_iteration, steps
from ..calls.verbs import adds, repeatable_at, verb_of
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import CallKey, FunctionKey, Instance, Value
from ..limits import Limits
from ..limits.amounts import Depends, mend_of
from ..limits.deciding import Deciding
from ..limits.unheard import unheard_limit
from .keeping import keeping
from .making import only_makes
from .own_retries import OwnRetries

_MEND = "`timeout=`"
_TOLD: frozenset[Mark] = frozenset(
    {*REMOTE, Effect.BLOCKING, Effect.WAIT, Effect.SLEEP, Effect.FILE, Effect.PROCESS, Act.COMPUTE}
)


class Sites:
    """Builds the sites of all opened files."""

    def __init__(
        self,
        graph: Graph,
        effects: Effects,
        contexts: Contexts,
        limits: Limits,
        doings: Doings,
        own_retries: OwnRetries,
    ) -> None:
        self._doings = doings
        self._own_retries = own_retries
        self._graph = graph
        self._effects = effects
        self._contexts = contexts
        self._limits = limits
        self._deciding = Deciding(graph, limits)
        self._functions: dict[FunctionKey, FunctionRef] = {}
        self._ways: dict[tuple[FunctionKey, Mark], Way] = {}
        self.by_call: dict[CallKey, Site] = {}

    def build(self) -> tuple[Site, ...]:
        """All sites, in file and line order."""
        graph = self._graph
        for file, index, resolved in graph.library_calls():
            for one in resolved:
                if one.operation is not None:
                    self._deciding.decide((file.path, index), one)
        found: list[Site] = []
        for path in sorted(graph.program.opened):
            file = graph.program.opened[path]
            for index in graph.calls_of(path):
                site = self._site(file, index)
                if site is not None:
                    self.by_call[(path, index)] = site
                    found.append(site)
        return tuple(sorted(found, key=lambda site: (site.place.path, site.place.span)))

    def _site(self, file: FileIndex, index: int) -> Site | None:
        key = (file.path, index)
        found = self._graph.of(*key)
        for one in found:
            if one.operation is not None and not only_makes(self._graph.program.catalog, one, one.operation):
                return self._direct(file, index, one, one.operation)
        for one in found:
            client = self._client_made(one)
            making = self._making(file, index, one, client) if client is not None else None
            if making is not None:
                return making
            if one.function is not None:
                spread = self._effects.spread_from(one.function, file, index)
                if spread & _TOLD:
                    return self._indirect(file, index, one.function, spread)
        return next(
            (self._acting(file, index, one) for one in found if one.path and self._doings.known(one.path)), None
        )

    def _client_made(self, one: Resolved) -> Client | None:
        made = self._graph.program.catalog.makings.get(one.path) if one.path else None
        client = self._graph.program.catalog.clients.get(made) if made is not None else None
        return client if client is not None and client.timeout is not None else None

    def _direct(self, file: FileIndex, index: int, one: Resolved, operation: Operation) -> Site:
        options = self._doings.options(file, index, one)
        limit = self._deciding.own.get((file.path, index))
        endless = limit is not None and limit.state == "unbounded"
        verb = self._verb(file, index)
        again = repeatable_at(self._graph.evaluator, file, index, operation, verb, options)
        return replace(
            self._at(file, index, one.path, self._effects_of(file, index, one, operation)),
            limit=limit,
            unheard=unheard_limit(file, file.facts.blocks[file.calls[index].block].function) if endless else "",
            batch=operation.batch,
            batch_read=operation.batch_read or operation.batch,
            many=operation.many,
            brief=operation.brief,
            mend=mend_of(operation.timeout) or _MEND,
            certain=one.certain and self._is_certain(file, index),
            has_twin=self._has_twin(one.path),
            acts=self._doings.acts(one.path),
            options=options,
            made_with=self._doings.of_maker(one.receiver),
            made_at=self._made_at(one.receiver),
            own_retry=self._own_retries.of(one.receiver),
            verb=verb,
            unheeded=is_unheeded(file, index, verb),
            repeatable=again,
            adds=again == "no" and adds(self._graph.evaluator, file, index, operation),
            uses=used_by(file, index),
            gives=given_by(file, index),
            asks_for=asked_for(file, index, operation),
            built_of=built_of(file, index) if "text" in options else frozenset(),
            since=given_since(file, index) if Act.CACHE_WRITE in self._doings.acts(one.path) else {},
        )

    def _verb(self, file: FileIndex, index: int) -> str:
        """The verb of a request; "" where it is one of several."""
        found = {
            verb_of(self._graph.evaluator, file, index, one.operation, one.path)
            for one in self._graph.of(file.path, index)
            if one.operation is not None
        }
        return found.pop() if len(found) == 1 else ""

    def _has_twin(self, path: str) -> bool:
        """Whether what a coroutine awaits stands beside it under another name: ``get`` and ``aget``."""
        owner, _, leaf = path.rpartition(".")
        twin = self._graph.program.catalog.operations.get(f"{owner}.a{leaf}")
        return twin is not None and Effect.BLOCKING not in twin.effects

    def _is_certain(self, file: FileIndex, index: int) -> bool:
        """Whether the query that a call goes over is one, and not only called like one."""
        built = steps(file, file.forwarded[index]) if is_iteration(file, index) else ()
        return all(one.certain for step in built for one in self._graph.of(file.path, step))

    def _made_at(self, receiver: Value | None) -> Place | None:
        made = receiver.made if isinstance(receiver, Instance) else None
        file = self._graph.program.file(made[0]) if made is not None else None
        return file.place(file.calls[made[1]].span) if made is not None and file is not None else None

    def _acting(self, file: FileIndex, index: int, one: Resolved) -> Site:
        """A call that waits for nobody, but does something that rules speak of."""
        return replace(
            self._at(file, index, one.path, frozenset()),
            certain=one.certain,
            acts=self._doings.acts(one.path),
            options=self._doings.options(file, index, one),
            made_with=self._doings.of_maker(one.receiver),
            uses=used_by(file, index),
            gives=given_by(file, index),
        )

    def _effects_of(self, file: FileIndex, index: int, one: Resolved, operation: Operation) -> frozenset[Effect]:
        effects = frozenset(operation.effects)
        ended = ended_by(self._graph.evaluator, file, index, operation)
        twin = not one.certain and file.calls[index].awaited  # known by its name only: it is the asynchronous one
        if ended:
            return effects - {Effect.BLOCKING, Effect.WAIT, Effect.SLEEP}
        return effects - {Effect.BLOCKING, Effect.WAIT} if twin else effects

    def _making(self, file: FileIndex, index: int, one: Resolved, client: Client) -> Site | None:
        """The making of a client whose limit is worth a word there."""
        key = (file.path, index)
        outcome = self._limits.receivers.of_making(client, key)
        if isinstance(outcome, Depends):
            outcome = self._deciding.from_callers(outcome, key, one.path)
        if outcome is None or (outcome.state == "bounded" and not outcome.by_default):
            return None
        on_calls = self._deciding.on_client.get(key, [])
        if on_calls and all(limit.state != "unbounded" and limit.how != "client" for limit in on_calls):
            return None
        unsaid = outcome.state == "unbounded" and not (outcome.on_purpose or outcome.connect_only)
        if client.report == "call" and unsaid:
            return None
        site = self._acting(file, index, one)
        kept, _ = keeping(self._graph, file, index)
        at = self._limits.passing.options_at(file, index) if outcome.state == "unbounded" else None
        return replace(
            site,
            kept=kept,
            mend_at=at,
            limit=outcome,
            is_client=True,
            mend=mend_of(client.timeout) or _MEND,
            certain=True,
        )

    def _indirect(self, file: FileIndex, index: int, callee: FunctionKey, marks: frozenset[Mark]) -> Site:
        ways = {mark: self._way(callee, mark) for mark in marks if mark in _TOLD or isinstance(mark, Act)}
        effects = frozenset(mark for mark in marks if isinstance(mark, Effect))
        decided = self._deciding.through.get((file.path, index))
        asked = [ways[mark] for mark in sorted(effects & REMOTE)]
        near = self._operation(asked[0]) if len(asked) == 1 and len(asked[0].trail) == 1 else None
        main = (asked or list(ways.values()))[0].operation
        return replace(
            self._at(file, index, decided[1] if decided is not None else main, effects),
            direct=False,
            limit=decided[0] if decided is not None else None,
            ways=ways,
            brief=all(one is not None and one.brief for one in map(self._operation, ways.values())),
            batch=near.batch if near is not None else None,
            batch_read=(near.batch_read or near.batch) if near is not None else None,
            acts=frozenset(mark for mark in marks if isinstance(mark, Act)),
            uses=used_by(file, index),
            gives=given_by(file, index),
        )

    def _way(self, callee: FunctionKey, mark: Mark) -> Way:
        known = self._ways.get((callee, mark))
        if known is None:
            end, trail = self._effects.way(callee, mark)
            refused = self._graph.program.catalog.refusing.get(end) is not None
            known = self._ways[callee, mark] = Way(end, trail, refused=refused)
        return known

    def _operation(self, way: Way) -> Operation | None:
        return self._graph.program.catalog.operations.get(way.operation)

    def _at(self, file: FileIndex, index: int, operation: str, effects: frozenset[Effect]) -> Site:
        """What every call has: its place, its context, how it is started."""
        call = file.calls[index]
        started = self._graph.starts(file, index)
        return Site(
            place=file.place(call.span),
            function=self.function((file.path, file.facts.blocks[call.block].function)),
            call=shown(file, getattr(call.callee, "of", None) if is_iteration(file, index) else call.callee),
            operation=operation,
            effects=effects,
            context=self._contexts.of(file, call.block),
            awaited=call.awaited or file.forwarded.get(index, index) in file.awaited,
            direct=True,
            mend=_MEND,
            discarded=call.discarded,
            receiver=shown(file, getattr(call.callee, "of", None)),
            offloaded=started == "offload",
            scheduled=started == "spawn" or self._only_made(file, index, effects),
            streams=streams(file, index),
        )

    def _only_made(self, file: FileIndex, index: int, effects: frozenset[Effect]) -> bool:
        """Whether a call only makes a coroutine that something else will run."""
        call = file.calls[index]
        if call.awaited or file.forwarded.get(index, index) in file.entered:
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
