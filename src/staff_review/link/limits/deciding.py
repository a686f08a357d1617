"""Who decides the limit of each call: the call, the client it is made on, or the callers of a wrapper."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from ...nouns.project import Limit
from ..calls.graph import Graph, Resolved
from ..files.values import CallKey, FunctionKey, Instance
from . import Limits
from .amounts import UNSEEN, Depends

Asked: TypeAlias = dict[CallKey, Limit | None]
_WRAPPERS_DEEP = 5
_SEVERAL = 3
"""Callers of a wrapper from which on the wrapper itself is told of what most of them forget."""


class Deciding:
    """Asks each operation for its limit, and its callers where they decide."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self._graph = graph
        self._limits = limits
        self.through: dict[CallKey, tuple[Limit, str]] = {}  # callers that decide a wrapper's limit
        self.own: dict[CallKey, Limit] = {}
        self.on_client: dict[CallKey, list[Limit]] = {}  # the making of a client -> limits of calls on it

    def decide(self, key: CallKey, one: Resolved) -> None:
        """The limit of an operation; where callers decide it, what each of them makes of it."""
        outcome = self._limits.of(key, one)
        if isinstance(outcome, Depends):
            known = not isinstance(one.receiver, Instance) or one.receiver.made is not None
            self.own[key] = self._limits.said_at_client(one, self.from_callers(outcome, key, one.path, known))
        else:
            self.own[key] = outcome
            if isinstance(one.receiver, Instance) and one.receiver.made is not None:
                self.on_client.setdefault(one.receiver.made, []).append(outcome)

    def from_callers(self, depends: Depends, key: CallKey, operation: str, known: bool = True) -> Limit:
        """What callers make of a limit that their callee takes from them; remembered for each of them."""
        target = self._graph.program.opened[depends.function[0]]
        function = target.function(depends.function[1])
        default = self._limits.parameter_default(depends) if not depends.options else UNSEEN
        own = default if isinstance(default, Limit) and default.state == "bounded" else UNSEEN
        if function.name == "__init__" and self._function_of(key) != depends.function:
            return self._from_makers(depends, own)
        asked: Asked = {}
        self._ask_callers(depends, operation, known, asked)
        if own.state == "bounded":
            return own
        return self._left_out(depends, function.qualified, asked, known) or Limit(
            "unknown", "caller", "its callers decide"
        )

    def _left_out(self, depends: Depends, name: str, asked: Asked, known: bool) -> Limit | None:
        """The limit of a wrapper that most of several callers give none: it is missing in one place, not in each.

        One without a parameter for it hides from all its callers, were they few, that there is one to give.
        """
        given = [limit for limit in asked.values() if limit is not None]
        forgetful = [caller for caller, limit in asked.items() if limit is not None and _says_nothing(limit)]
        everybody = len(forgetful) == len(given) > 0
        hidden = everybody and depends.options and not self._graph.passed_around(depends.function)
        if not hidden and len(forgetful) < max(_SEVERAL, len(given) / 2):
            return None
        for caller in forgetful:
            self.through.pop(caller, None)
        because = (
            f"no caller of `{name}` gives it a limit"
            if everybody
            else f"{len(forgetful)} of {len(given)} callers of `{name}` give it no limit"
        )
        return Limit("unbounded", "wrapper", because, certain=known)

    def _from_makers(self, depends: Depends, own: Limit) -> Limit:
        """A limit kept on an object: only when every making of it says the same is anything claimed."""
        outcomes = [self._limits.at_caller(depends, caller) for caller in self._graph.callers.get(depends.function, ())]
        limits = [outcome for outcome in outcomes if isinstance(outcome, Limit)]
        agreed = len(limits) == len(outcomes) and len({limit.state for limit in limits}) == 1
        return limits[0] if agreed and limits[0].state != "unknown" else own

    def _ask_callers(self, depends: Depends, operation: str, known: bool, asked: Asked, depth: int = 0) -> None:
        """Put what each caller makes of a limit into `asked`; None for one that leaves it to its own callers."""
        for caller in self._graph.callers.get(depends.function, ()):
            if caller in asked or depth > _WRAPPERS_DEEP:
                continue
            asked[caller] = None
            outcome = self._limits.at_caller(depends, caller)
            if isinstance(outcome, Depends):
                if not self._graph.callers.get(outcome.function):
                    asked[caller] = UNSEEN  # given, by somebody whom nobody sees
                self._ask_callers(outcome, operation, known, asked, depth + 1)
                continue
            file = self._graph.program.opened[caller[0]]
            around = (
                self._limits.enclosing(file, caller[1], asynchronous=True) if outcome.state == "unbounded" else None
            )
            limit = around if around is not None and self._awaits(caller) else outcome
            asked[caller] = limit
            if caller not in self.through or outcome.state == "unbounded":
                self.through[caller] = (limit if known else replace(limit, certain=False), operation)

    def _awaits(self, key: CallKey) -> bool:
        file = self._graph.program.opened[key[0]]
        return file.calls[key[1]].awaited

    def _function_of(self, key: CallKey) -> FunctionKey:
        file = self._graph.program.opened[key[0]]
        return key[0], file.facts.blocks[file.calls[key[1]].block].function


def _says_nothing(limit: Limit) -> bool:
    """Whether a caller leaves a limit out, and does not choose to have none."""
    return limit.state == "unbounded" and not limit.on_purpose and not limit.connect_only
