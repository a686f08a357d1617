"""What the arguments of a library's retry policy say: its bound, its pause, and the errors it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ...nouns.facts import Binary, Const, Expr, Mapping, Name, Sequence
from ...nouns.libraries import ArgumentAt, Policy, Term
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.values import CallKey, External, FunctionKey, FunctionValue, Instance, Value, Values, Written
from ..files.values import Literal as Constant
from .pauses import LONG, Delay

_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_DEEP = 3


class _Said(msgspec.Struct, frozen=True):
    """An argument of a policy: what is written, and where it is evaluated."""

    file: FileIndex
    block: int
    expr: Expr
    at: tuple[int, int] | None = None


class Policies:
    """Reads the words in the arguments of policies; an argument may stand in a mapping that is spread into the call."""

    def __init__(self, graph: Graph, contexts: Contexts) -> None:
        self._graph = graph
        self._contexts = contexts

    def is_once(self, file: FileIndex, index: int, policy: Policy) -> bool:
        """Whether a policy allows one attempt only."""
        return "once" in (self._terms(file, index, policy.stop) or ())

    def _given(self, file: FileIndex, index: int, where: Iterable[ArgumentAt]) -> Iterator[_Said]:
        """The arguments at some places that are written out."""
        call = file.calls[index]
        for at in where:
            expr = expression_at(call, at.argument, at.position)
            if expr is not None:
                yield _Said(file, call.block, expr, (call.span.line, call.span.column))
                continue
            for home, block, mapping in self._spread(file, index):
                for key, item in mapping.items:
                    if isinstance(key, Const) and key.value == at.argument:
                        yield _Said(home, block, item)

    def _values(self, said: _Said) -> Values:
        return self._graph.evaluator.values(said.file, said.block, said.expr, *(said.at or ()))

    def _spread(self, file: FileIndex, index: int) -> Iterator[tuple[FileIndex, int, Mapping]]:
        """The mappings that are spread into a call and written out."""
        for argument in file.calls[index].arguments:
            if argument.spread == "**":
                for value in self._graph.evaluator.argument(file, index, argument.value):
                    home = self._graph.program.file(value.path) if isinstance(value, Written) else None
                    if home is not None and isinstance(value, Written) and isinstance(value.expr, Mapping):
                        yield home, value.block, value.expr

    def _hides(self, file: FileIndex, index: int) -> bool:
        """Whether a call may be given more than can be read: a spread that is written nowhere, or added to."""
        spread = [argument for argument in file.calls[index].arguments if argument.spread]
        mappings = [mapping for _, _, mapping in self._spread(file, index)]
        whole = all(key is not None for mapping in mappings for key, _ in mapping.items)
        function = file.facts.blocks[file.calls[index].block].function
        added = any(isinstance(one.value, Name) and (function, one.value.id) in file.items for one in spread)
        return len(mappings) != len(spread) or not whole or added

    def _terms(self, file: FileIndex, index: int, where: Iterable[ArgumentAt]) -> list[str] | None:
        """What the words in some arguments mean; None when no such argument is written."""
        given = list(self._given(file, index, where))
        return [word for said in given for word in self._meanings(said)] if given else None

    def _meanings(self, said: _Said) -> list[str]:
        expr = said.expr
        if isinstance(expr, Binary) and expr.op in ("|", "+", "&"):
            sides = (msgspec.structs.replace(said, expr=one) for one in (expr.left, expr.right))
            return [word for side in sides for word in self._meanings(side)]
        return [self._meaning(value) for value in self._values(said)]

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
            if term is None or value.made is None:
                return "unknown"
            return "slow" if term.means == "fixed" and self._is_long(value.made, term) else term.means
        if isinstance(value, External):
            term = catalog.terms.get(value.path)
            return term.means if term is not None else "given"
        return "function" if isinstance(value, FunctionValue) else "unknown"

    def _is_long(self, made: CallKey, term: Term) -> bool:
        """Whether a word inside a policy names so long a constant pause that it is a schedule."""
        file = self._graph.program.file(made[0])
        at = term.value
        written = expression_at(file.calls[made[1]], at.argument, at.position) if file is not None and at else None
        values = self._graph.evaluator.argument(file, made[1], written) if file is not None and written else ()
        seconds = [value.value for value in values if isinstance(value, Constant)]
        return any(isinstance(one, (int, float)) and one >= LONG for one in seconds)

    def bound(self, file: FileIndex, index: int, policy: Policy) -> Literal["yes", "no", "unknown"]:
        """Whether a policy ends."""
        said = self._terms(file, index, policy.stop)
        if said is None:
            if self._hides(file, index):
                return "unknown"
            return "no" if policy.stop_default == "never" else "yes"
        if any(word in ("attempts", "seconds", "number", "once", "zero", "function", "given") for word in said):
            return "yes"
        return "no" if said and all(word in ("never", "off", "endless") for word in said) else "unknown"

    def delay(self, file: FileIndex, index: int, policy: Policy) -> Delay:
        """How a policy waits between two attempts."""
        said = self._terms(file, index, policy.wait)
        if said is None:
            return "unknown" if self._hides(file, index) else policy.wait_default
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

    def choice(self, file: FileIndex, index: int, policy: Policy) -> Literal["any", "given", "unknown"]:
        """Which errors a policy is for: all, some that it names, or what it finds in an answer."""
        given = list(self._given(file, index, policy.on))
        if policy.on_default == "result" or {*(self._terms(file, index, policy.on) or ())} == {"result"}:
            return "unknown"
        if not given:
            hidden = self._hides(file, index)
            return "unknown" if hidden else "any" if policy.on_default == "any" else "given"
        values = [value for said in given for value in self._values(said)]
        return "any" if any(map(self._is_broad, values)) else "given"

    def catches(self, file: FileIndex, index: int, policy: Policy) -> tuple[str, ...]:
        """The error types that a policy names, as canonical paths; none where it also looks at something else."""
        if "result" in (self._terms(file, index, policy.on) or ()):
            return ()
        values = [value for said in self._given(file, index, policy.on) for value in self._values(said)]
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

    def _is_broad(self, value: Value) -> bool:
        if not isinstance(value, Instance):
            return isinstance(value, External) and value.path in _BROAD
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
