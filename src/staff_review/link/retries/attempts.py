"""Retries written by hand: loops that try again after an error and end after a success."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Await, CallRef, Const, Expr, Item, Name, Sequence, Text
from ...nouns.project import Handler, Retry, Site
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.telling import only_tells
from ..files.values import FunctionKey
from ..sites import Sites
from .answers import Answers
from .bounds import Bounds
from .choices import Choices, mends
from .endings import STOPPING, Endings, leads_out, nearest_loop
from .errands import chosen_anew, chosen_by, delivered, takes, takes_away, takes_in_time, waits_for_peer
from .joining import joins
from .pauses import ENDLESS, Pauses, pauses
from .peer_errors import is_of_files, is_of_our_own, may_be_of_peer, tells_of_peer
from .persons import asks_person
from .repeated import Repeated, is_repeated
from .successes import asks_how_it_went, ends_on_success, leaves_after, leaves_with_nothing
from .tries import Tries, counts_down
from .unseen import Unseen
from .until import Until

_PAGES = re.compile(r"page|chunk|batch", re.IGNORECASE)


class Attempts:
    """Recognises loops of attempts in one file."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, repeated: Repeated) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._repeated = repeated
        self._tries = Tries(graph)
        self._pauses = Pauses(sites, self._tries)
        self._endings = Endings(contexts)
        self._bounds = Bounds(graph, contexts, self._endings)
        self._choices = Choices(graph.program.catalog, sites, contexts)
        self._unseen = Unseen(graph, repeated)
        self._answers = Answers(sites, self._endings, self._pauses)
        self._until = Until(graph, sites, self._endings, self._pauses)

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """Every hand-written retry of a file, and every pause in a loop that only the peer decides."""
        yield from self._pauses.of_the_peer(file)
        for number, block in enumerate(file.facts.blocks):
            if block.kind == "loop" and block.form in ("for", "while"):
                found = next(self._by_hand(file, number), None)
                if found is None and self._attempts(file, number):
                    found = self._answers.of(file, number) or self._until.of(file, number)
                if found is not None:
                    yield found

    def _by_hand(self, file: FileIndex, number: int) -> Iterator[Retry]:
        """A loop that tries again after an error and ends after a success."""
        blocks = file.facts.blocks
        if self._takes_in_time(file, number):
            return
        for tried in file.blocks_in.get(blocks[number].function, ()):
            if blocks[tried].kind != "try" or not file.inside(tried, number) or nearest_loop(file, tried) != number:
                continue
            if any(blocks[one].kind == "handler" for one in file.chain(tried) if one > number):
                continue  # it cleans up after another
            sites = [
                site
                for site in self._sites.within(file, tried)
                if (site.remote or site.is_client) and not site.scheduled
            ]
            sites += self._repeated.inside(file, tried)
            handlers = [] if leaves_with_nothing(file, tried) else self._leading_on(file, tried)
            again = handlers and (counts_down(file, handlers) or self._attempts(file, number, tried))
            if not again:
                continue
            first = self._contexts.handlers.of(file, handlers[0])
            if is_of_our_own(self._graph.program.catalog, first.catches) or is_of_files(first.catches):
                continue
            sites = sites or self._asked_before(file, number, tried)
            if chosen_anew(file, number, tried, handlers, sites) or takes_away(file, tried, handlers[0]):
                continue
            if asks_person(self._graph, file, tried):
                continue
            told = tells_of_peer(self._graph.program.catalog, first.catches) and not self._advances(file, number, tried)
            if (
                not sites
                and not told
                and (self._passes_on(file, number) or not self._guessed(file, number, tried, first))
            ):
                continue  # local work tried again: parsing, guessing, a lock, not a peer
            if ends_on_success(file, number, tried) and not self._beats(file, number, tried, handlers):
                yield self._retry(file, number, tried, handlers, sites)
                return

    def _takes_in_time(self, file: FileIndex, loop: int) -> bool:
        """Whether each round takes what is delivered to the program, and begins anew when nothing came for a while."""
        return any(
            takes_in_time(
                self._graph.program.catalog, file, block.partner, self._contexts.handlers.of(file, one).catches
            )
            for one in file.blocks_in.get(file.facts.blocks[loop].function, ())
            for block in (file.facts.blocks[one],)
            if block.kind == "handler" and nearest_loop(file, one) == loop
        )

    def _leading_on(self, file: FileIndex, tried: int) -> list[int]:
        """The handlers of a try after which another round may follow."""
        handlers = file.blocks_in.get(file.facts.blocks[tried].function, ())
        return [
            one
            for one in handlers
            if file.facts.blocks[one].kind == "handler"
            and file.facts.blocks[one].partner == tried
            and not self._endings.always_leaves(file, one)
        ]

    def _retry(self, file: FileIndex, number: int, tried: int, handlers: list[int], sites: list[Site]) -> Retry:
        loop, first = file.facts.blocks[number], self._contexts.handlers.of(file, handlers[0])
        mended = any(site.remote for site in self._sites.within(file, handlers[0]))
        mended |= not sites and mends(file, handlers[0])
        delay, told = self._pauses.delay(file, number), tells_of_peer(self._graph.program.catalog, first.catches)
        forgotten, at = self._bounds.forgotten(file, number, handlers), self._pauses.at(file, number)
        if delay == "none" and any(map(self._pauses_itself, self._repeated.handed_to(file, tried) or ())):
            delay = "unknown"
        return Retry(
            file.place(loop.span),
            self._sites.function((file.path, loop.function)),
            f"{loop.form} loop",
            by_hand=True,
            bounded="no" if forgotten else self._bounds.of(file, number, handlers),
            attempts=self._tries.of_loop(file, number) or self._tries.of_handlers(file, [handlers[0]]),
            capped=self._pauses.capped(file, number),
            unbounded_because=f"{ENDLESS} after {forgotten}" if forgotten else ENDLESS,
            delay="unknown" if mended and (delay == "none" or not sites) else delay,
            covers=tuple(sites),
            catches=first.catches,
            pause=self._pauses.place(file, number),
            probes=waits_for_peer(file, number, sites),
            stoppable=delay != "none" and self._choices.lets_out(file, tried, handlers[0]),
            joins=joins(file, tried, sites),
            rests=self._pauses.rests(file, number),
            unseen=not sites and not told and not self._unseen.is_told_of(file, tried, first),
            tuned=delay == "fixed" and at is not None and self._tries.is_tuned(file, at),
            certain=bool(sites) and isinstance(loop.subject, (Const, CallRef)),
            on=self._choices.of(file, tried, handlers[0]),
        )

    def _pauses_itself(self, key: FunctionKey) -> bool:
        """Whether a function that is repeated waits a while before it lets an error out."""
        file = self._graph.program.file(key[0])
        calls = file.calls_in.get(key[1], ()) if file is not None else ()
        return file is not None and any(
            self._pauses.is_pause(file, index) for index in calls if self._graph.in_handler(file, index)
        )

    def _guessed(self, file: FileIndex, loop: int, tried: int, kept: Handler) -> bool:
        """Whether a try that nobody can see through is about a peer: it is paused after, or asks what is called so."""
        if self._pauses.delay(file, loop) != "none":
            return may_be_of_peer(kept) and self._unseen.may_be_remote(file, tried)
        return self._unseen.is_about_peer(file, tried, kept)

    def _asked_before(self, file: FileIndex, loop: int, tried: int) -> list[Site]:
        """In a counted loop, the remote calls before a try: what it does not like is asked for again."""
        if self._contexts.of(file, loop).loops[0].form != "count":
            return []
        start = file.facts.blocks[tried].span
        if file.facts.blocks[tried].parent != loop:
            return []  # what it does not like is known before
        return [site for site in self._sites.within(file, loop) if is_repeated(site) and site.place.span < start]

    def _passes_on(self, file: FileIndex, loop: int) -> bool:
        """Whether a round does something with its number that is no pause and no word of it: each is another thing."""
        block = file.facts.blocks[loop]
        inside = (file.calls[index] for index in file.calls_in.get(block.function, ()))
        return isinstance(block.target, Name) and any(
            argument.value == block.target and not only_tells(leaf_of(call.callee)) and not pauses(leaf_of(call.callee))
            for call in inside
            if file.inside(call.block, loop)
            for argument in call.arguments
        )

    def _beats(self, file: FileIndex, loop: int, tried: int, handlers: list[int]) -> bool:
        """Whether a loop goes round at its own beat: it pauses after what went well too, and ends otherwise."""
        at = self._pauses.at(file, loop)
        pause = None if at is None else file.calls[at]
        if pause is not None and pause.block == loop and pause.span < file.facts.blocks[tried].span:
            return True  # the time first, then the work
        if self._bounds.of(file, loop, handlers) == "yes" or leaves_after(file, loop, tried):
            return False
        handled = at is None or self._graph.in_handler(file, at)
        return not handled and not asks_how_it_went(file, loop, tried)

    def _attempts(self, file: FileIndex, number: int, tried: int | None = None) -> bool:
        """Whether each round is another attempt at the same thing, not the next of several things."""
        loop = file.facts.blocks[number]
        form = self._contexts.of(file, number).loops[0].form
        if form == "each":
            return isinstance(loop.subject, Sequence) and all(
                isinstance(item, Const) and isinstance(item.value, (int, float)) for item in loop.subject.items
            )
        if form != "count":
            again = tried if tried is not None and leaves_after(file, number, tried) else None
            stops = again is None and any(word in shown(file, loop.subject).lower() for word in STOPPING)
            return loop.form == "while" and not stops and not self._next_item(file, number, again)
        target = loop.target
        rounds = file.calls[loop.subject.index].arguments if isinstance(loop.subject, CallRef) else ()
        if not isinstance(target, Name) or any(_PAGES.search(leaf_of(one.value)) for one in rounds):
            return False
        if any(_is_of_items(file, one.value) for one in rounds):
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

    def _next_item(self, file: FileIndex, loop: int, again: int | None) -> bool:
        """Whether a round works on something new: what the covered calls are given changes outside the handlers.

        `again`: a try that always ends the loop when it goes well, so what it makes is made anew for the same work.
        """
        blocks = file.facts.blocks
        handlers = [one for one, block in enumerate(blocks) if block.kind == "handler" and file.inside(one, loop)]
        changed = {
            name.id
            for binding in file.bindings_in.get(blocks[loop].function, ())
            if file.inside(binding.block, loop) and not any(file.inside(binding.block, one) for one in handlers)
            if not self._is_client(file, binding.value)  # made anew in each round to do the same again
            if again is None or not file.inside(binding.block, again) or self._takes(file, binding.value)
            if not leads_out(file, binding.block, loop)
            for name in (binding.target.of if isinstance(binding.target, Item) else binding.target,)
            if isinstance(name, Name)
        }
        fresh = delivered(self._graph.program.catalog, file, loop)
        for index in file.calls_in.get(blocks[loop].function, ()):
            call = file.calls[index]
            if not file.inside(call.block, loop) or any(file.inside(call.block, one) for one in handlers):
                continue
            site = self._sites.by_call.get((file.path, index))
            said = (*(argument.value for argument in call.arguments), call.callee)
            remote = self._unseen.is_asked(file, index) if site is None else site.remote
            if any(mentions(file, one, changed if remote else fresh) for one in said):
                return True
            if takes(self._graph.program.catalog, leaf_of(call.callee)):
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

    def _takes(self, file: FileIndex, value: Expr | None) -> bool:
        """Whether a value is the next of several things."""
        call = value.of if isinstance(value, Await) else value
        catalog = self._graph.program.catalog
        return isinstance(call, CallRef) and takes(catalog, leaf_of(file.calls[call.index].callee))


def _is_of_items(file: FileIndex, end: Expr) -> bool:
    """Whether there are as many rounds as there are keys or hosts to try, each of which has its turn: ``len(keys)``."""
    call = file.calls[end.index] if isinstance(end, CallRef) else None
    counted = call is not None and leaf_of(call.callee) == "len" and len(call.arguments) == 1
    return call is not None and counted and not pauses(shown(file, call.arguments[0].value))


def site_remote(sites: Sites, file: FileIndex, index: int) -> bool:
    """Whether a call is remote."""
    site = sites.by_call.get((file.path, index))
    return site is not None and site.remote
