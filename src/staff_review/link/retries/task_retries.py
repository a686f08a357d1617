"""Retries that a worker makes: a task that is declared to be repeated, and one that puts itself back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.acts import Option
from ...nouns.facts import Attribute, CallRef, Expr, Name
from ...nouns.project import Handler, Retry, Site
from ..calls.contexts import Contexts
from ..calls.doings import Doings
from ..calls.graph import Graph, Resolved
from ..files.arguments import expression_at
from ..files.index import FileIndex
from ..files.showing import shown
from ..sites import Sites
from .growth import is_random, uncut_power
from .pauses import Delay
from .repeated import is_repeated

_BROAD = frozenset({"Exception", "BaseException"})
_LONG = 10
"""Seconds from which a constant pause is a schedule of the queue, not a beat on the peer."""
_UNBOUNDED = "for ever, because its number of retries is set to None"
_COUNTED = re.compile(r"retries|attempt")
"""Names by which a pause is counted by the attempts so far."""
_NAMES = re.compile(r"[A-Za-z_][\w.]*")


class TaskRetries:
    """Reads what tasks say of their own repetition, in the options that the catalog gives them."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, doings: Doings) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._doings = doings

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """Every retry of a task of one file, in the order of its functions."""
        for number, function in enumerate(file.facts.functions):
            for decorator in function.decorators:
                site = self._sites.by_call.get((file.path, decorator.index)) if isinstance(decorator, CallRef) else None
                if site is None or not isinstance(decorator, CallRef):
                    continue
                chosen = site.options.get("repeats")
                if chosen is not None and (any(chosen.values) if chosen.values else chosen.state == "given"):
                    yield self._declared(file, number, site, chosen)
                yield from self._put_back(file, number, site, decorator.index)

    def _declared(self, file: FileIndex, number: int, site: Site, chosen: Option) -> Retry:
        bounded, attempts = _bound(_said(site.options, "own-retries", "retries"))
        catches = tuple(_NAMES.findall(chosen.text))
        return Retry(
            site.place,
            self._sites.function((file.path, number)),
            site.call,
            by_hand=False,
            bounded=bounded,
            unbounded_because=_UNBOUNDED,
            delay=_delay(site.options),
            on="given" if "…" in chosen.text or (catches and _BROAD.isdisjoint(catches)) else "any",
            covers=self._covers(file, number),
            catches=catches,
            attempts=attempts,
            decorates=True,
            queued=True,
        )

    def _put_back(self, file: FileIndex, number: int, site: Site, decorator: int) -> Iterator[Retry]:
        """The calls of ``retry`` on the task itself, which is the first parameter of the function."""
        parameters = file.function(number).parameters
        made = {self._graph.program.catalog.makers.get(one.path) for one in self._graph.of(file.path, decorator)}
        for index in file.calls_in.get(number, ()) if parameters else ():
            callee = file.calls[index].callee
            if not isinstance(callee, Attribute) or callee.of != Name(parameters[0].name):
                continue
            paths = [f"{task}.{callee.name}" for task in made if task is not None]
            path = next((one for one in paths if self._doings.known(one)), None)
            if path is not None:
                yield self._again(file, number, index, site, path)

    def _again(self, file: FileIndex, number: int, index: int, site: Site, path: str) -> Retry:
        said = self._doings.options(file, index, Resolved(path))
        own = said.get("retries")
        bounded, attempts = _bound(own if own is not None and own.state == "given" else site.options.get("retries"))
        handler = self._handler(file, index)
        written = self._pause(file, index, path)
        place = file.place(file.calls[index].span)
        return Retry(
            place,
            self._sites.function((file.path, number)),
            shown(file, file.calls[index].callee),
            by_hand=False,
            bounded=bounded,
            unbounded_because=_UNBOUNDED,
            delay=_constant(said.get("delay")) if written is None else self._delay_of(file, index, written, said),
            on="unknown" if handler is None else "any" if handler.broad else "given",
            covers=self._covers(file, number),
            catches=handler.catches if handler is not None else (),
            pause=place,
            attempts=attempts,
            capped=written is None or uncut_power(written) is None,
            decorates=True,
            queued=True,
        )

    def _handler(self, file: FileIndex, index: int) -> Handler | None:
        """The handler that puts the task back whatever the error says; None where a branch chooses."""
        block = file.calls[index].block
        return self._contexts.handlers.of(file, block) if file.facts.blocks[block].kind == "handler" else None

    def _pause(self, file: FileIndex, index: int, path: str) -> Expr | None:
        entries = self._graph.program.catalog.acts.get(path) or ()
        found = next((entry.options["delay"] for entry in entries if "delay" in entry.options), None)
        return expression_at(file.calls[index], found.argument, found.position) if found is not None else None

    @staticmethod
    def _delay_of(file: FileIndex, index: int, written: Expr, said: dict[str, Option]) -> Delay:
        if is_random(file, index, written):
            return "jitter"
        power = uncut_power(written) is not None or _COUNTED.search(shown(file, written)) is not None
        return "exponential" if power else _constant(said.get("delay"))

    def _covers(self, file: FileIndex, number: int) -> tuple[Site, ...]:
        return tuple(site for site in self._sites.in_function((file.path, number)) if is_repeated(site))


def _said(options: dict[str, Option], *names: str) -> Option | None:
    """The first of some options that is given, else the last of them."""
    found = [options.get(name) for name in names]
    return next((one for one in found if one is not None and one.state == "given"), found[-1])


def _bound(retries: Option | None) -> tuple[Literal["yes", "no", "unknown"], int | None]:
    """Whether a number of retries is one, and the attempts that it allows."""
    if retries is None or not retries.values:
        return "unknown", None
    if None in retries.values:  # on one way at least, which is seldom the one of a developer's machine
        return "no", None
    numbers = [int(value) for value in retries.values if isinstance(value, (int, float))]
    return "yes", max(numbers) + 1 if numbers else None


def _delay(options: dict[str, Option]) -> Delay:
    growth, jitter = options.get("retry-growth"), options.get("retry-jitter")
    if growth is not None and (growth.state == "given" or any(growth.values)) and growth.values != (False,):
        if jitter is None or not jitter.values:
            return "unknown"
        return "jitter" if all(jitter.values) else "exponential"
    return _constant(_said(options, "own-delay", "retry-delay"))


def _constant(pause: Option | None) -> Delay:
    seconds = [value for value in pause.values if isinstance(value, (int, float))] if pause is not None else []
    if not seconds:
        return "unknown"
    return "none" if max(seconds) == 0 else "fixed" if max(seconds) < _LONG else "unknown"
