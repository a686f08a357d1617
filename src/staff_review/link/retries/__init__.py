"""Retries: what a library's policy repeats, and loops written by hand, with their bound, delay and choice of errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from ...nouns.facts import CallRef, Expr
from ...nouns.libraries import Policy
from ...nouns.project import Retry, Site
from ...nouns.source import Place
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..sites import Sites
from .attempts import Attempts
from .endings import goes_on_for_ever
from .errands import is_wait
from .joining import joins
from .not_yet import NotYet
from .pauses import ENDLESS
from .policies import Policies
from .recursions import Recursions
from .repeated import Repeated, is_repeated
from .requeued import Requeued
from .rescheduled import Rescheduled
from .spinning import Spinning
from .task_retries import TaskRetries
from .tries import Tries
from .unlimited import Unlimited

_ON: dict[str, Literal["any", "given", "unknown"]] = {"any": "any", "result": "unknown"}


class Retries:
    """Finds every retry of the opened files."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._repeated = Repeated(graph, sites)
        self._attempts = Attempts(graph, sites, contexts, self._repeated)
        self._recursions = Recursions(graph, sites, contexts, self._repeated)
        self._spinning = Spinning(graph, sites, contexts)
        self._requeued = Requeued(graph.program.catalog, sites, contexts)
        self._rescheduled = Rescheduled(graph.program.catalog, sites, contexts)
        self._tasks = TaskRetries(graph, sites, contexts, doings)
        self._unlimited = Unlimited(graph, sites)
        self._policies = Policies(graph, contexts)
        self._tries = Tries(graph)
        self._not_yet = NotYet(graph, contexts.handlers)

    def find(self) -> tuple[Retry, ...]:
        """All retries in file order."""
        found: list[Retry] = []
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            found.extend(self._of_library(file))
            found.extend(self._attempts.find(file))
            found.extend(self._recursions.find(file))
            found.extend(self._spinning.find(file))
            found.extend(self._requeued.find(file))
            found.extend(self._rescheduled.find(file))
            found.extend(self._unlimited.find(file))
            found.extend(self._tasks.find(file))
        return tuple(map(self._as_bounded_around, found))

    def _as_bounded_around(self, retry: Retry) -> Retry:
        """A retry without a bound of its own, where a caller gives up on its function after a time."""
        key = (retry.function.path, retry.function.index)
        calls = (self._sites.by_call.get(caller) for caller in self._graph.callers.get(key, ()))
        regions = (region for site in calls if site is not None for region in site.context.regions)
        if retry.bounded != "no" or all(region.kind != "limit" for region in regions):
            return retry
        return msgspec.structs.replace(retry, bounded="unknown")

    def _of_library(self, file: FileIndex) -> Iterator[Retry]:
        covered = {}
        bare: list[tuple[Expr, int]] = []
        for number, function in enumerate(file.facts.functions):
            for decorator in function.decorators:
                if isinstance(decorator, CallRef):
                    covered[decorator.index] = number
                else:
                    bare.append((decorator, number))
        for index in self._graph.library_calls_of(file.path):
            for one in self._graph.of(file.path, index):
                policy = one.policy
                if policy is None or policy.kind != "retry" or self._is_single(file, index, one, policy):
                    continue
                yield self._policy(file, index, policy, covered.get(index))
                break
        for decorator, number in bare:
            function = file.function(number)
            found = self._contexts.policy_of(file, function.parent_block, decorator, function.span.line, 0)
            if found is not None and found[1].kind == "retry":
                policy = found[1]
                yield Retry(
                    file.place(function.decorator_spans[function.decorators.index(decorator)]),
                    self._sites.function((file.path, number)),
                    found[0],
                    by_hand=False,
                    bounded="no" if policy.stop_default == "never" else "yes",
                    unbounded_because=ENDLESS,
                    delay=policy.wait_default,
                    on=_ON.get(policy.on_default, "given"),
                    covers=tuple(site for site in self._sites.in_function((file.path, number)) if is_repeated(site)),
                    decorates=True,
                    joins=joins(file, function.block, self._sites.in_function((file.path, number))),
                )

    def _is_single(self, file: FileIndex, index: int, one: Resolved, policy: Policy) -> bool:
        """Whether nothing is repeated here: one attempt only, or the use of a policy that is made elsewhere."""
        return one.path.endswith(".__call__") or self._policies.is_once(file, index, policy)

    def _policy(self, file: FileIndex, index: int, policy: Policy, function: int | None) -> Retry:
        call = file.calls[index]
        owner = file.facts.blocks[call.block].function if function is None else function
        loops = self._repeated.loops_over(file, index)
        repeated = (file.function(owner).block,) if function is not None else tuple(loops)
        catches = self._policies.catches(file, index, policy)
        not_yet = self._not_yet.is_why(file, repeated, catches)
        place = file.place(call.span)
        clients = self._of_clients(file, index, policy, place)
        covers = clients or self._covers(file, index, function)
        return Retry(
            place,
            self._sites.function((file.path, owner)),
            shown(file, call.callee),
            by_hand=False,
            bounded=self._policies.bound(file, index, policy),
            attempts=clients[0].own_retry.more + 1
            if clients and clients[0].own_retry is not None
            else self._tries.of_policy(file, index, policy),
            unbounded_because=ENDLESS,
            delay=self._policies.delay(file, index, policy),
            on=self._policies.choice(file, index, policy),
            covers=covers,
            catches=catches,
            decorates=function is not None,
            probes=not_yet or is_wait(file, owner),
            joins=any(joins(file, block, covers) for block in repeated),
            begins_loop=function is not None and goes_on_for_ever(file, function),
            not_yet=not_yet,
            on_client=bool(clients),
            unseen=function is None and not covers and not self._repeated.is_decorator(file, index),
        )

    def _covers(self, file: FileIndex, index: int, function: int | None) -> tuple[Site, ...]:
        """What a policy repeats: the decorated function, or what its object is looped over or handed."""
        if function is None:
            return self._repeated.of_object(file, index)
        own = [site for site in self._sites.in_function((file.path, function)) if is_repeated(site)]
        return (*own, *self._repeated.inside(file, file.function(function).block))

    def _of_clients(self, file: FileIndex, index: int, policy: Policy, place: Place) -> tuple[Site, ...]:
        """The calls that clients repeat by this policy; those that are not idempotent only where it says so."""
        found = self._repeated.of_client(place)
        call = file.calls[index]
        widened = not policy.verbs or any(expression_at(call, at.argument, at.position) for at in policy.verbs)
        return tuple(site for site in found if widened or site.repeatable != "no")
