"""How each call is mended, from what the catalog says of it: arguments, other callees."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...nouns.facts import CallRef
from ...nouns.libraries import Policy, TimeLimit
from ...nouns.mends import Remedy
from ...nouns.project import Site
from ...nouns.source import Place
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..files.values import CallKey, External
from ..limits import Limits
from ..limits.amounts import LIMITING, Depends

_WRAPPERS_DEEP = 5


class Remedies:
    """Finds the remedies of the opened files."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self._graph = graph
        self._limits = limits
        self._mends = graph.program.catalog.mends
        self._leaves = {name.rpartition(".")[2] for name in self._mends.exact()}

    def find(self, sites: tuple[Site, ...]) -> dict[Place, Remedy]:
        """Remedies by the place of the call, decorator or with-block that they mend."""
        found: dict[Place, Remedy] = {}
        for path in sorted(self._graph.program.opened):
            file = self._graph.program.opened[path]
            for place, remedy in (*self._of_calls(file), *self._of_decorators(file), *self._of_blocks(file)):
                found.setdefault(place, remedy)
        if any(site.limit is not None and site.limit.how == "caller" for site in sites):
            for place, remedy in self._of_callers():
                found.setdefault(place, remedy)
        return found

    def _of_calls(self, file: FileIndex) -> Iterator[tuple[Place, Remedy]]:
        for index in self._graph.library_calls_of(file.path):
            if index in file.forwarded:
                continue  # its arguments stand in another call
            for one in self._graph.of(file.path, index):
                remedy = self._remedy(one)
                if one.policy is not None and one.policy.kind == "retry":
                    remedy = self._with_pause(file, index, one.policy, remedy)
                if remedy is not None:
                    yield file.place(file.calls[index].span), remedy
                    break

    def _with_pause(self, file: FileIndex, index: int, policy: Policy, remedy: Remedy | None) -> Remedy | None:
        """The pause that a retry makes in its arguments, where the same one with a random part is known."""
        for at in policy.wait:
            expr = expression_at(file.calls[index], at.argument, at.position)
            for one in self._graph.of(file.path, expr.index) if isinstance(expr, CallRef) else ():
                mend = self._mends.get(one.path) if one.path else None
                if mend is not None and mend.jittered and isinstance(expr, CallRef):
                    call = file.calls[expr.index]
                    place, name = file.place(call.span), shown(file, call.callee)
                    return replace(remedy or Remedy(), jittered=mend.jittered, pause=place, pause_call=name)
        return remedy

    def _remedy(self, one: Resolved) -> Remedy | None:
        spec = self._spec(one)
        known = self._of_name(one.path) if one.path else None
        if spec is None or (known is not None and known.limit):
            return known
        bound = limit_of(spec)
        return replace(known or Remedy(), limit=bound, position=spec.position) if bound else known

    def _spec(self, one: Resolved) -> TimeLimit | None:
        if one.operation is not None:
            return one.operation.timeout
        made = self._graph.program.catalog.makings.get(one.path) if one.path else None
        client = self._graph.program.catalog.clients.get(made) if made is not None else None
        return client.timeout if client is not None else None

    def _of_name(self, path: str) -> Remedy | None:
        mend = self._mends.get(path)
        if mend is None:
            return None
        return Remedy(
            limit=mend.limit,
            stop=mend.stop,
            wait=mend.wait,
            expiry=mend.expiry,
            awaitable=mend.awaitable,
            after_commit=mend.after_commit,
            thread=mend.thread,
        )

    def _of_decorators(self, file: FileIndex) -> Iterator[tuple[Place, Remedy]]:
        """Decorators without parentheses."""
        for function in file.facts.functions:
            for decorator, span in zip(function.decorators, function.decorator_spans, strict=False):
                if isinstance(decorator, CallRef) or leaf_of(decorator) not in self._leaves:
                    continue
                for value in self._graph.evaluator.values(file, function.parent_block, decorator, function.span.line):
                    remedy = self._of_name(value.path) if isinstance(value, External) else None
                    if remedy is not None:
                        yield file.place(span), remedy

    def _of_blocks(self, file: FileIndex) -> Iterator[tuple[Place, Remedy]]:
        for block in file.facts.blocks:
            if block.kind == "with" and isinstance(block.subject, CallRef):
                for one in self._graph.of(file.path, block.subject.index):
                    remedy = self._of_name(one.path) if one.path else None
                    if remedy is not None and remedy.after_commit:
                        yield file.place(block.span), remedy

    def _of_callers(self) -> Iterator[tuple[Place, Remedy]]:
        """Callers of wrappers that hand their limit on: the wrapper's own parameter."""
        for file, index, found in self._graph.library_calls():
            for one in found:
                spec = one.operation.timeout if one.operation is not None else None
                if spec is not None and limit_of(spec):
                    outcome = self._limits.own(file, index, spec, one)
                    if isinstance(outcome, Depends):
                        yield from self._through(outcome, spec.unit, set(), 0)

    def _through(self, depends: Depends, unit: str, seen: set[CallKey], depth: int) -> Iterator[tuple[Place, Remedy]]:
        for path, index in self._graph.callers.get(depends.function, ()):
            file = self._graph.program.opened[path]
            if (path, index) in seen or index in file.forwarded or depth > _WRAPPERS_DEEP:
                continue
            seen.add((path, index))
            outcome = self._limits.at_caller(depends, (path, index))
            if isinstance(outcome, Depends):
                yield from self._through(outcome, unit, seen, depth + 1)
            elif outcome.state == "unbounded" and not outcome.on_purpose:
                yield file.place(file.calls[index].span), Remedy(f"{depends.name}={{limit:{unit}}}")


def limit_of(spec: TimeLimit) -> str:
    """The argument that bounds a call, where a bare number says it; "" where the catalog knows none."""
    plain = spec.argument is not None and LIMITING.search(spec.argument) is not None
    return f"{spec.argument}={{limit:{spec.unit}}}" if plain else ""
