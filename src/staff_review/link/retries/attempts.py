"""Retries written by hand: loops that try again after an error and end after a success."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...facts import Attribute, Block, CallRef, Const, Expr, Item, Name, Sequence, Text
from ...project import Retry, Site
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..sites import Sites
from .errands import TAKING, chosen_anew, chosen_by, delivered, waits_for_peer
from .pauses import ENDLESS, Pauses
from .peer_errors import tells_of_peer
from .repeated import Repeated, is_repeated
from .tries import Tries

_CLOCKS = ("time(", "clock", "monotonic", "deadline", "elapsed", "until", "now")
_PAGES = re.compile(r"page|chunk|batch", re.IGNORECASE)
_LEAVING = ("raise", "return", "break")
_ENDED = ("stop", "shutdown", "running", "closing", "terminate", "cancel", "quit")
"""Words of a condition that ends a loop from outside, whether it went well or not."""
_STOPPING = ("stop", "shutdown", "running", "closed", "closing", "cancel", "exit", "alive", "done", "quit", "terminate")


class Attempts:
    """Recognises loops of attempts in one file."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, repeated: Repeated) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._repeated = repeated
        self._pauses = Pauses(sites)
        self._tries = Tries(graph)

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """Every hand-written retry of a file, and every pause in a loop that only the peer decides."""
        yield from self._pauses.of_the_peer(file)
        for number, block in enumerate(file.facts.blocks):
            if block.kind == "loop" and block.form in ("for", "while"):
                yield from self._by_hand(file, number, block)

    def _by_hand(self, file: FileIndex, number: int, loop: Block) -> Iterator[Retry]:
        """A loop that tries again after an error and ends after a success."""
        for tried, block in enumerate(file.facts.blocks):
            if block.kind != "try" or not file.inside(tried, number) or self._nearest_loop(file, tried) != number:
                continue
            sites = [
                site
                for site in self._sites.within(file, tried)
                if (site.remote or site.is_client) and not site.scheduled
            ]
            sites += self._repeated.inside(file, tried)
            handlers = [
                n
                for n, b in enumerate(file.facts.blocks)
                if b.kind == "handler" and b.partner == tried and not self._always_leaves(file, n)
            ]
            if not handlers or chosen_anew(file, tried, handlers) or not self._attempts(file, number, loop):
                continue
            first = self._contexts.handlers.of(file, handlers[0])
            sites = sites or self._asked_before(file, number, tried)
            told = tells_of_peer(self._graph.program.catalog, first.catches) and not self._advances(file, number, tried)
            waits = self._pauses.delay(file, number) != "none"
            if not sites and not told and not (waits and self._may_be_remote(file, tried)):
                continue  # local work tried again: parsing, guessing, a lock, not a peer
            if not self._ends_on_success(file, number, tried):
                continue
            yield Retry(
                file.place(loop.span),
                self._sites.function((file.path, loop.function)),
                f"{loop.form} loop",
                by_hand=True,
                bounded=self._loop_bound(file, number, loop, handlers),
                attempts=self._tries.of_loop(file, number),
                capped=self._pauses.capped(file, number),
                unbounded_because=ENDLESS,
                delay=self._pauses.delay(file, number),
                covers=tuple(sites),
                catches=first.catches,
                pause=self._pauses.place(file, number),
                probes=waits_for_peer(file, number, sites),
                certain=bool(sites) and isinstance(loop.subject, (Const, CallRef)),
                on="unknown" if self._selects(file, handlers[0]) else "any" if first.broad else "given",
            )
            return

    def _asked_before(self, file: FileIndex, loop: int, tried: int) -> list[Site]:
        """In a counted loop, the remote calls before a try: what it does not like is asked for again."""
        if self._contexts.of(file, loop).loops[0].form != "count":
            return []
        start = file.facts.blocks[tried].span
        return [site for site in self._sites.within(file, loop) if is_repeated(site) and site.place.span < start]

    def _selects(self, file: FileIndex, handler: int) -> bool:
        """Whether a handler looks at the error before it tries again."""
        name = file.facts.blocks[handler].target
        if not isinstance(name, Name):
            return False
        return any(
            block.kind == "branch" and file.inside(number, handler) and mentions(file, block.subject, {name.id})
            for number, block in enumerate(file.facts.blocks)
        )

    @staticmethod
    def _nearest_loop(file: FileIndex, block: int) -> int:
        return next((n for n in file.chain(block) if file.facts.blocks[n].kind == "loop"), -1)

    def _attempts(self, file: FileIndex, number: int, loop: Block) -> bool:
        """Whether each round is another attempt at the same thing, not the next of several things."""
        form = self._contexts.of(file, number).loops[0].form
        if form == "each":
            return isinstance(loop.subject, Sequence) and all(
                isinstance(item, Const) and isinstance(item.value, (int, float)) for item in loop.subject.items
            )
        if form != "count":
            stops = any(word in shown(file, loop.subject).lower() for word in _STOPPING)
            return loop.form == "while" and not stops and not self._next_item(file, number)
        target = loop.target
        rounds = file.calls[loop.subject.index].arguments if isinstance(loop.subject, CallRef) else ()
        if not isinstance(target, Name) or any(_PAGES.search(leaf_of(one.value)) for one in rounds):
            return False
        chosen = {target.id} | chosen_by(file, number, target.id)
        return not any(
            isinstance(argument.value, (Name, Item, Text))
            and mentions(file, argument.value, chosen)
            and site_remote(self._sites, file, index)
            for index in file.calls_in.get(loop.function, ())
            if file.inside(file.calls[index].block, number)
            for argument in file.calls[index].arguments
        )

    def _may_be_remote(self, file: FileIndex, tried: int) -> bool:
        """Whether a try holds a call that nobody here can see through, or an awaited one of the program."""
        for index in file.calls_in.get(file.facts.blocks[tried].function, ()):
            call = file.calls[index]
            if file.inside(call.block, tried) and (call.awaited or not self._seen_through(file, index)):
                return True
        return False

    def _seen_through(self, file: FileIndex, index: int) -> bool:
        found = self._graph.of(file.path, index)
        return bool(found) and all(
            one.function is not None or one.operation is not None or one.path.startswith("builtins.") for one in found
        )

    def _next_item(self, file: FileIndex, loop: int) -> bool:
        """Whether a round works on something new: what the covered calls are given changes outside the handlers."""
        blocks = file.facts.blocks
        handlers = [number for number, block in enumerate(blocks) if block.kind == "handler"]
        changed = {
            name.id
            for binding in file.facts.bindings
            if file.inside(binding.block, loop) and not any(file.inside(binding.block, one) for one in handlers)
            if not self._is_client(file, binding.value)  # made anew in each round to do the same again
            for name in ((binding.target,) if isinstance(binding.target, Name) else ())
        }
        fresh = delivered(file, loop)
        for index in file.calls_in.get(blocks[loop].function, ()):
            call = file.calls[index]
            if not file.inside(call.block, loop) or any(file.inside(call.block, one) for one in handlers):
                continue
            site = self._sites.by_call.get((file.path, index))
            said = (*(argument.value for argument in call.arguments), call.callee)
            remote = site is not None and site.remote
            if any(mentions(file, one, changed if remote else fresh) for one in said):
                return True
            if not remote and leaf_of(call.callee) in TAKING:
                return True
        return False

    def _advances(self, file: FileIndex, loop: int, tried: int) -> bool:
        """Whether a try counts on or is given what the loop changes: then each round is the next part of the work."""
        function = file.facts.blocks[loop].function
        bindings = [one for one in file.bindings_in.get(function, ()) if isinstance(one.target, Name)]
        changed = {one.target.id for one in bindings if file.inside(one.block, loop) and isinstance(one.target, Name)}
        calls = (file.calls[index] for index in file.calls_in.get(function, ()))
        return any(one.how == "augment" and file.inside(one.block, tried) for one in bindings) or any(
            mentions(file, argument.value, changed)
            for call in calls
            if file.inside(call.block, tried)
            for argument in call.arguments
        )

    def _is_client(self, file: FileIndex, value: Expr | None) -> bool:
        makings = self._graph.program.catalog.makings
        return isinstance(value, CallRef) and any(
            one.path and makings.get(one.path) is not None for one in self._graph.of(file.path, value.index)
        )

    def _always_leaves(self, file: FileIndex, handler: int) -> bool:
        leaving = any(jump.block == handler and jump.kind in ("raise", "return", "break") for jump in file.facts.jumps)
        return leaving or self._contexts.handlers.exits(file, handler)

    def _ends_on_success(self, file: FileIndex, loop: int, tried: int) -> bool:
        blocks = file.facts.blocks
        handlers = {n for n, b in enumerate(blocks) if b.kind == "handler" and b.partner == tried}
        for jump in file.facts.jumps:
            if jump.kind not in ("return", "break") or not file.inside(jump.block, loop):
                continue
            if jump.kind == "break" and self._nearest_loop(file, jump.block) != loop:
                continue
            asked = " ".join(shown(file, one).lower() for one in self._tests_above(file, jump.block, loop))
            if self._after_success(file, jump.block, loop, tried) and not any(word in asked for word in _ENDED):
                return True
        test = blocks[loop].subject
        if blocks[loop].form == "while" and test is not None and not isinstance(test, Const):
            targets = [
                b.target
                for b in file.facts.bindings
                if file.inside(b.block, loop) and not any(file.inside(b.block, h) for h in handlers)
            ]
            kept = {shown(file, target) for target in targets if isinstance(target, Attribute)}
            return mentions(file, test, {target.id for target in targets if isinstance(target, Name)}) or any(
                name in shown(file, test) for name in kept
            )
        return False

    @staticmethod
    def _after_success(file: FileIndex, block: int, loop: int, tried: int) -> bool:
        """Whether a block runs when the try went well: in it, in its else, or further down in the loop itself."""
        blocks = file.facts.blocks
        around = [number for number in file.chain(block) if number > loop]
        if any(blocks[number].kind in ("handler", "finally") for number in around):
            return False
        if tried in around or any(blocks[number].partner == tried for number in around):
            return True
        return all(blocks[number].kind in ("branch", "otherwise", "with") for number in around) and (
            not around or around[-1] > tried
        )

    def _loop_bound(
        self, file: FileIndex, number: int, loop: Block, handlers: list[int]
    ) -> Literal["yes", "no", "unknown"]:
        context = self._contexts.of(file, number).loops[0]
        if context.form == "each":
            return "yes"
        if context.form == "count":
            return "no" if "count" in context.over and "range" not in context.over else "yes"
        counters = {
            b.target.id for b in file.facts.bindings if isinstance(b.target, Name) and file.inside(b.block, number)
        }
        leaving = [
            jump
            for jump in file.facts.jumps
            if jump.kind in ("raise", "return", "break")
            and file.inside(jump.block, number)
            and any(file.inside(jump.block, handler) for handler in handlers)
        ]
        guards = [test for jump in leaving for test in self._tests_above(file, jump.block, number)]
        tests = (
            guards
            + ([loop.subject] if context.form == "while" and loop.subject is not None else [])
            + [
                b.subject
                for n, b in enumerate(file.facts.blocks)
                if b.kind == "branch"
                and b.subject is not None
                and file.inside(n, number)
                and (
                    self._contexts.handlers.exits(file, n)
                    or any(j.block == n and j.kind in _LEAVING for j in file.facts.jumps)
                )
            ]
        )
        for test in tests:
            if mentions(file, test, counters) or any(word in shown(file, test).lower() for word in _CLOCKS):
                return "yes"
        told = any(word in shown(file, test).lower() for test in tests for word in _STOPPING)
        return "unknown" if leaving or told else "no"

    def _tests_above(self, file: FileIndex, block: int, stop: int) -> Iterator[Expr]:
        for number in file.chain(block):
            if number == stop:
                return
            subject = file.facts.blocks[number].subject
            if file.facts.blocks[number].kind == "branch" and subject is not None:
                yield subject


def site_remote(sites: Sites, file: FileIndex, index: int) -> bool:
    """Whether a call is remote."""
    site = sites.by_call.get((file.path, index))
    return site is not None and site.remote
