"""Retries: what a library's policy repeats, and loops written by hand, with their bound, delay and choice of errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ...facts import Binary, CallRef, Expr, Name, Sequence
from ...libraries import ArgumentAt, Policy
from ...project import Retry, Site
from ...source import Place
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at, has_spread
from ..files.index import FileIndex
from ..files.showing import shown
from ..files.values import External, FunctionKey, FunctionValue, Instance, Value, Values, Written
from ..files.values import Literal as Constant
from ..sites import Sites
from .attempts import Attempts
from .errands import is_wait
from .not_yet import NotYet
from .pauses import ENDLESS, Delay
from .recursions import Recursions
from .repeated import Repeated, is_repeated
from .requeued import Requeued
from .spinning import Spinning
from .task_retries import TaskRetries
from .tries import Tries

_ON: dict[str, Literal["any", "given", "unknown"]] = {"any": "any", "result": "unknown"}
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_DEEP = 3


class Retries:
    """Finds every retry of the opened files."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._repeated = Repeated(graph, sites)
        self._attempts = Attempts(graph, sites, contexts, self._repeated)
        self._recursions = Recursions(graph, sites, contexts)
        self._spinning = Spinning(graph.program.catalog, sites, contexts)
        self._requeued = Requeued(sites, contexts)
        self._tasks = TaskRetries(graph, sites, contexts, doings)
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
            found.extend(self._tasks.find(file))
        return tuple(found)

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
                if one.policy is not None and one.policy.kind == "retry" and not self._is_single(file, index, one):
                    yield self._policy(file, index, one.policy, covered.get(index))
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
                )

    def _is_single(self, file: FileIndex, index: int, one: Resolved) -> bool:
        """Whether nothing is repeated here: one attempt only, or the use of a policy that is made elsewhere."""
        stop = one.policy.stop if one.policy is not None else ()
        return one.path.endswith(".__call__") or "once" in (self._terms(file, index, stop) or ())

    def _policy(self, file: FileIndex, index: int, policy: Policy, function: int | None) -> Retry:
        call = file.calls[index]
        owner = file.facts.blocks[call.block].function if function is None else function
        repeated = (file.function(owner).block,) if function is not None else self._repeated.loops_over(file, index)
        catches = self._catches(file, index, policy)
        not_yet = self._not_yet.is_why(file, repeated, catches)
        place = file.place(call.span)
        clients = self._of_clients(file, index, policy, place)
        return Retry(
            place,
            self._sites.function((file.path, owner)),
            shown(file, call.callee),
            by_hand=False,
            bounded=self._bound(file, index, policy),
            attempts=clients[0].own_retry.more + 1
            if clients and clients[0].own_retry is not None
            else self._tries.of_policy(file, index, policy),
            unbounded_because=ENDLESS,
            delay=self._delay(file, index, policy),
            on=self._choice(file, index, policy),
            covers=clients or self._covers(file, index, function),
            catches=catches,
            decorates=function is not None,
            probes=not_yet or is_wait(file, owner),
            not_yet=not_yet,
            on_client=bool(clients),
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

    def _terms(self, file: FileIndex, index: int, where: tuple[ArgumentAt, ...]) -> list[str] | None:
        """What the words in some arguments mean; None when no such argument is written."""
        call = file.calls[index]
        said: list[str] | None = None
        for at in where:
            expr = expression_at(call, at.argument, at.position)
            if expr is not None:
                said = [*(said or []), *self._meanings(file, index, expr)]
        return said

    def _meanings(self, file: FileIndex, index: int, expr: Expr) -> list[str]:
        if isinstance(expr, Binary) and expr.op in ("|", "+", "&"):
            return [*self._meanings(file, index, expr.left), *self._meanings(file, index, expr.right)]
        return [self._meaning(value) for value in self._graph.evaluator.argument(file, index, expr)]

    def _meaning(self, value: Value) -> str:
        catalog = self._graph.program.catalog
        if isinstance(value, Constant):
            if value.value is None or value.value is False:
                return "off"
            if value.value == 1:
                return "once"
            return "zero" if value.value == 0 else "endless" if value.value in (-1, float("inf")) else "number"
        if isinstance(value, Instance):
            term = catalog.terms.get(value.type)
            # Without a call that made it, it is a sum: of its kind, and of what nobody can see.
            return term.means if term is not None and value.made is not None else "unknown"
        if isinstance(value, External):
            term = catalog.terms.get(value.path)
            return term.means if term is not None else "given"
        return "function" if isinstance(value, FunctionValue) else "unknown"

    def _bound(self, file: FileIndex, index: int, policy: Policy) -> Literal["yes", "no", "unknown"]:
        said = self._terms(file, index, policy.stop)
        if said is None:
            if has_spread(file.calls[index]):
                return "unknown"
            return "no" if policy.stop_default == "never" else "yes"
        if any(word in ("attempts", "seconds", "number", "once", "zero", "function", "given") for word in said):
            return "yes"
        return "no" if said and all(word in ("never", "off", "endless") for word in said) else "unknown"

    def _delay(self, file: FileIndex, index: int, policy: Policy) -> Delay:
        said = self._terms(file, index, policy.wait)
        if said is None:
            return "unknown" if has_spread(file.calls[index]) else policy.wait_default
        if "jitter" in said or (policy.wait_default == "jitter" and not {"off", "none", "zero"} & set(said)):
            return "jitter"
        if "unknown" in said:
            return "unknown"
        bare = "fixed" not in said and {"number", "once"} & set(said)
        if "exponential" in said or (bare and self._grows(file, index, policy)):
            return "jitter" if self._is_random(file, index, policy) else "exponential"
        if "fixed" in said or bare:
            return "fixed"
        return "none" if said and all(word in ("none", "zero", "off") for word in said) else "unknown"

    def _grows(self, file: FileIndex, index: int, policy: Policy) -> bool:
        """Whether a pause that is given as a bare number grows."""
        said = self._terms(file, index, policy.growth)
        return not policy.growth or (said is not None and not {"off", "zero", "once"} & set(said))

    def _is_random(self, file: FileIndex, index: int, policy: Policy) -> bool:
        """Whether the library itself draws a growing pause at random."""
        said = self._terms(file, index, (policy.jitter,)) if policy.jitter is not None else None
        return policy.jitter_default if said is None else not {"off", "zero"} & set(said)

    def _choice(self, file: FileIndex, index: int, policy: Policy) -> Literal["any", "given", "unknown"]:
        call = file.calls[index]
        exprs = [expression_at(call, at.argument, at.position) for at in policy.on]
        written = [expr for expr in exprs if expr is not None]
        if policy.on_default == "result" or {*(self._terms(file, index, policy.on) or ())} == {"result"}:
            return "unknown"
        if not written:
            return "unknown" if has_spread(call) else "any" if policy.on_default == "any" else "given"
        broad = False
        for expr in written:
            for value in self._graph.evaluator.argument(file, index, expr):
                if isinstance(value, External) and value.path in _BROAD:
                    broad = True
                if isinstance(value, Instance):
                    broad = broad or self._term_is_broad(value)
        return "any" if broad else "given"

    def _catches(self, file: FileIndex, index: int, policy: Policy) -> tuple[str, ...]:
        """The error types that a policy names, as canonical paths; none where it also looks at something else."""
        call = file.calls[index]
        exprs = [expression_at(call, at.argument, at.position) for at in policy.on]
        if "result" in (self._terms(file, index, policy.on) or ()):
            return ()
        values = [
            one for expr in exprs if expr is not None for one in self._graph.evaluator.argument(file, index, expr)
        ]
        return tuple(dict.fromkeys(name for value in values for name in self._errors(value, 0)))

    def _errors(self, value: Value, depth: int) -> Iterator[str]:
        if isinstance(value, External):
            yield value.path
        if isinstance(value, FunctionValue):
            yield from self._asked_by(value.key)
        home = self._graph.program.file(value.path) if isinstance(value, Written) else None
        if home is not None and isinstance(value, Written) and isinstance(value.expr, Sequence) and depth < _DEEP:
            for item in value.expr.items:
                for one in self._graph.evaluator.values(home, value.block, item):
                    yield from self._errors(one, depth + 1)
        for one in self._inside_term(value) if isinstance(value, Instance) else ():
            yield from self._errors(one, depth + 1)

    def _asked_by(self, key: FunctionKey) -> Iterator[str]:
        """The error types that a function asks for: ``return isinstance(error, Conflict)``."""
        file = self._graph.program.file(key[0])
        if file is None:
            return
        for index in file.calls_in.get(key[1], ()):
            call = file.calls[index]
            if call.callee == Name("isinstance") and len(call.arguments) == 2:
                kinds = call.arguments[1].value
                for kind in kinds.items if isinstance(kinds, Sequence) else (kinds,):
                    yield from self._contexts.handlers.error_types(
                        file, call.block, kind, file.facts.blocks[call.block]
                    )

    def _term_is_broad(self, value: Instance) -> bool:
        term = self._graph.program.catalog.terms.get(value.type)
        if term is None or value.made is None:
            return False
        inside = self._inside_term(value)
        return any(name in _BROAD for one in inside for name in self._errors(one, 0)) if inside else term.means == "any"

    def _inside_term(self, value: Instance) -> Values:
        """The first argument of a word inside a policy: the errors that it is about."""
        inner = self._graph.program.file(value.made[0]) if value.made is not None else None
        given = expression_at(inner.calls[value.made[1]], None, 0) if inner is not None and value.made else None
        known = (
            inner is not None and given is not None and self._graph.program.catalog.terms.get(value.type) is not None
        )
        return self._graph.evaluator.argument(inner, value.made[1], given) if known else ()  # type: ignore[arg-type,index]  # known
