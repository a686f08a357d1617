"""Loops that take work from a peer for ever and, while the peer is away, ask it again at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Binary, Call, Jump, Name
from ...nouns.libraries import Effect
from ...nouns.project import Retry, Site
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.telling import only_tells
from ..sites import Sites
from .endings import STOPPING, counters_of, nearest_loop, tests_above
from .pauses import ENDLESS, Pauses
from .peer_errors import may_tell_of_peer, tells_of_peer
from .persons import asks_person
from .tries import Tries

_IN_TIME = re.compile(r"(?i:time_?out)")
_DEEP = 3
"""Functions of the program between a loop and its source."""


class Spinning:
    """Recognises, in one file, the loops that an error of their source makes spin."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts) -> None:
        self._graph = graph
        self._sites = sites
        self._contexts = contexts
        self._pauses = Pauses(sites, Tries(graph))

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each endless loop that swallows the error of what it asks first, and nowhere pauses."""
        for number, block in enumerate(file.facts.blocks):
            if block.kind != "loop" or block.form != "while" or not self._goes_round(file, number):
                continue
            source = self._source(file, number)
            tried = None if source is None else self._try_around(file, number, source)
            if source is None or tried is None or self._pauses_between(file, number, tried, source):
                continue
            catches = self._swallowed(file, number, tried)
            asked = catches is None or asks_person(self._graph, file, tried)
            if catches is not None and not asked and not self._waits_on(file, number, tried):
                yield self._spin(file, number, source, catches)

    def _waits_on(self, file: FileIndex, loop: int, tried: int) -> bool:
        """Whether a round waits for somebody else after its first try, whatever came of that."""
        later = (site for site in self._sites.within(file, loop) if site.place.span > file.facts.blocks[tried].span)
        inside = {site.place for site in self._sites.within(file, tried)}
        others = any((one.remote or Effect.WAIT in one.effects) and one.place not in inside for one in later)
        jumps = file.jumps_in.get(file.facts.blocks[loop].function, ())
        return others and not any(jump.kind == "continue" and file.inside(jump.block, loop) for jump in jumps)

    def _pauses_between(self, file: FileIndex, loop: int, tried: int, source: Site) -> bool:
        """Whether a loop pauses where an error of its source leads through: not after that in the same try."""
        for index in file.calls_in.get(file.facts.blocks[loop].function, ()):
            call = file.calls[index]
            skipped = file.inside(call.block, tried) and call.span > source.place.span
            if file.inside(call.block, loop) and not skipped and self._pauses.is_pause(file, index):
                return True
        return False

    def _try_around(self, file: FileIndex, loop: int, source: Site) -> int | None:
        """The try of a loop in which its source is asked; None where another within it takes the source's errors."""
        for block in file.chain(_call_at(file, source).block):
            if block == loop or file.facts.blocks[block].kind == "handler":
                return None
            if file.facts.blocks[block].kind == "try":
                if nearest_loop(file, block) == loop:
                    return block
                if self._swallowed(file, loop, block) is not None:
                    return None
        return None

    def _swallowed(self, file: FileIndex, loop: int, tried: int) -> tuple[str, ...] | None:
        """What the first handler of a try that an error of a peer comes to catches; None where it ends the loop."""
        for handler in file.blocks_in.get(file.facts.blocks[tried].function, ()):
            if file.facts.blocks[handler].kind != "handler" or file.facts.blocks[handler].partner != tried:
                continue
            kept = self._contexts.handlers.of(file, handler)
            if kept.catches and all(_IN_TIME.search(path) for path in kept.catches):
                return None  # nothing came for a while: that was the pause
            of_peer = tells_of_peer(self._graph.program.catalog, kept.catches)
            if kept.broad or of_peer or may_tell_of_peer(kept.catches):
                return kept.catches if self._goes_on(file, loop, handler) else None
        return None

    def _goes_round(self, file: FileIndex, number: int) -> bool:
        """Whether a loop goes on for ever, or until it is stopped from outside."""
        test = shown(file, file.facts.blocks[number].subject).lower()
        endless = self._contexts.of(file, number).loops[0].form == "endless"
        return endless or any(word in test for word in STOPPING)

    def _spin(self, file: FileIndex, number: int, source: Site, catches: tuple[str, ...]) -> Retry:
        return Retry(
            file.place(file.facts.blocks[number].span),
            source.function,
            "while loop",
            by_hand=True,
            bounded="unknown",
            unbounded_because=ENDLESS,
            delay="none",
            on="unknown",
            covers=(source,),
            catches=catches,
            certain=False,
            works=True,
        )

    def _source(self, file: FileIndex, number: int) -> Site | None:
        """The first call of a loop that waits for somebody, if it is remote and asks the same in every round."""
        asked = sorted(self._sites.within(file, number), key=lambda site: site.place)
        first = next((site for site in asked if site.remote or Effect.WAIT in site.effects), None)
        if first is None or not (first.remote and first.certain) or first.scheduled:
            return None
        if not first.direct and not self._begins_remotely(file, first, 0):
            return None
        if first.own_retry is not None:
            return None  # its client pauses between attempts of its own
        tried, call = self._try_around(file, number, first), _call_at(file, first)
        changed = {
            binding.target.id
            for binding in file.bindings_in.get(file.facts.blocks[number].function, ())
            if isinstance(binding.target, Name) and file.inside(binding.block, number)
            if tried is None or not file.inside(binding.block, tried) or binding.span < call.span
            if binding.how != "enter"
        }  # what changes after it, in its own try, stays as it was when it fails; what is entered is the same again
        given = (call.callee, *(argument.value for argument in call.arguments))
        return None if any(mentions(file, one, changed) for one in given) else first

    def _begins_remotely(self, file: FileIndex, site: Site, depth: int) -> bool:
        """Whether the first that a function of the program waits for is a peer, which it does not guard itself."""
        keys = [one.function for one in self._graph.of(file.path, _index_of(file, site)) if one.function is not None]
        home = self._graph.program.file(keys[0][0]) if len(keys) == 1 else None
        if home is None or depth > _DEEP:
            return False
        waits = (one for one in self._sites.in_function(keys[0]) if one.remote or Effect.WAIT in one.effects)
        first = min(waits, key=lambda one: one.place, default=None)
        if first is None or not (first.remote and first.certain) or first.scheduled or first.context.handlers:
            return False
        before = (index for index in home.calls_in.get(keys[0][1], ()) if home.calls[index].span < first.place.span)
        unseen = any(home.calls[one].awaited and (home.path, one) not in self._sites.by_call for one in before)
        return not unseen and (first.direct or self._begins_remotely(home, first, depth + 1))

    def _goes_on(self, file: FileIndex, loop: int, handler: int) -> bool:
        """Whether a handler leads to the next round at once: it only tells of the error, and counts none.

        It may leave the loop for a reason that lies in no number of failures: nothing was begun yet.
        """
        function = file.facts.blocks[handler].function
        counters = counters_of(file, loop, [handler])
        leaves = any(
            jump.kind in ("raise", "return", "break")
            and file.inside(jump.block, handler)
            and not _is_chosen(file, jump, handler, counters)
            for jump in file.jumps_in.get(function, ())
        )
        inside = (file.calls[index] for index in file.calls_in.get(function, ()))
        return not leaves and all(
            only_tells(leaf_of(call.callee)) for call in inside if file.inside(call.block, handler)
        )


def _is_chosen(file: FileIndex, jump: Jump, handler: int, counters: set[str]) -> bool:
    """Whether a jump leaves a handler on conditions none of which counts or looks at what was caught."""
    error = file.facts.blocks[handler].target
    named = counters | ({error.id} if isinstance(error, Name) else set())
    tests = list(tests_above(file, jump.block, handler))
    return (
        bool(tests)
        and all(isinstance(test, Binary) and test.op in ("is", "==") for test in tests)
        and not any(mentions(file, test, named) for test in tests)
    )


def _call_at(file: FileIndex, source: Site) -> Call:
    return file.calls[_index_of(file, source)]


def _index_of(file: FileIndex, source: Site) -> int:
    return next(index for index, call in enumerate(file.calls) if call.span == source.place.span)
