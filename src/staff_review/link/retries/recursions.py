"""Retries written as recursion: a function that calls itself for the same work after an error or a poor answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Item, Jump, Name, Spread, Unary
from ...nouns.project import Retry
from ..calls.contexts import Contexts
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..files.telling import only_tells
from ..files.values import FunctionKey
from ..sites import Sites
from .counters import counters, counts_attempts, handed_on_as_it_is
from .deciders import COUNTING, asks_who_counts
from .endings import is_counted, is_flag, sides, tests_above
from .errands import is_wait, takes_away
from .joining import joins
from .pauses import ENDLESS, Delay, Pauses
from .peer_errors import tells_of_peer
from .repeated import Repeated, goes_on, is_repeated
from .tries import Tries
from .unseen import Unseen

_TWICE = 2
"""Attempts of what begins anew once."""
_CHANGING = frozenset({"pop", "update", "clear", "remove", "discard", "add", "append", "setdefault"})
_CONFLICTS = ("integrity", "conflict", "duplicate", "unique", "exists", "changed", "stale")
"""Errors that say who was first: the next attempt finds what the other one wrote."""


class Recursions:
    """Recognises functions of one file that call themselves again after an error."""

    def __init__(self, graph: Graph, sites: Sites, contexts: Contexts, repeated: Repeated) -> None:
        self._graph = graph
        self._repeated = repeated
        self._unseen = Unseen(graph, repeated)
        self._sites = sites
        self._contexts = contexts
        self._tries = Tries(graph)
        self._pauses = Pauses(sites, self._tries)

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each handler or branch that calls its own function with what that was given."""
        yield from self._after_errors(file)
        yield from self._after_answers(file)

    def _after_errors(self, file: FileIndex) -> Iterator[Retry]:
        """Handlers of remote work."""
        for handler, block in enumerate(file.facts.blocks):
            if block.kind != "handler" or block.partner < 0 or block.function <= 0:
                continue
            inside = (i for i in file.calls_in.get(block.function, ()) if file.inside(file.calls[i].block, handler))
            index = next(self._again(file, block.function, inside), None)
            if index is None or takes_away(file, block.partner, handler):
                continue
            kept = self._contexts.handlers.of(file, handler)
            asked = (site for site in self._sites.within(file, block.partner) if site.remote)
            covers = tuple(site for site in asked if not goes_on(site))
            covers += self._repeated.inside(file, block.partner)
            told = covers or tells_of_peer(self._graph.program.catalog, kept.catches)
            remote = told or self._unseen.is_about_peer(file, block.partner, kept)
            if not remote or any(word in name.lower() for name in kept.catches for word in _CONFLICTS):
                continue
            call, once = file.calls[index], self._asks_whether_again(file, index, handler)
            yield Retry(
                file.place(call.span),
                self._sites.function((file.path, block.function)),
                "recursion",
                by_hand=True,
                bounded="yes" if once else self._bound(file, index, handler),
                attempts=_TWICE if once else self._attempts(file, index),
                unbounded_because=ENDLESS,
                delay=self._delay(file, index, handler),
                on="unknown" if self._selects(file, index, handler) else "any" if kept.broad else "given",
                covers=covers,
                catches=kept.catches,
                pause=self._pauses.place(file, handler),
                joins=joins(file, block.partner, covers),
                rests=self._pauses.rests(file, handler),
                begins_loop=_begins_loop(file, block.partner),
                unseen=not told and not self._unseen.is_told_of(file, block.partner, kept),
                certain=False,
            )

    def _after_answers(self, file: FileIndex) -> Iterator[Retry]:
        """Branches that do not like what a peer answered, count that as an attempt, and ask again at once."""
        for number, block in enumerate(file.facts.blocks):
            if block.kind not in ("branch", "otherwise") or block.function <= 0:
                continue
            here = (one for one in file.calls_in.get(block.function, ()) if file.calls[one].block == number)
            counting = [one for one in here if counts_attempts(file, one)]
            index = next(self._again(file, block.function, counting), None)
            if index is None or Graph.in_handler(file, index) or is_wait(file, block.function):
                continue
            call = file.calls[index]
            asked = self._sites.within(file, file.function(block.function).block)
            covers = tuple(site for site in asked if is_repeated(site) and site.place.span < call.span)
            if covers and self._delay(file, index, number) == "none":
                yield Retry(
                    file.place(call.span),
                    self._sites.function((file.path, block.function)),
                    "recursion",
                    by_hand=True,
                    bounded="unknown",
                    unbounded_because=ENDLESS,
                    delay="none",
                    on="unknown",
                    covers=covers,
                    certain=False,
                )

    def _again(self, file: FileIndex, function: int, calls: Iterable[int]) -> Iterator[int]:
        """Those of some calls by which their function begins anew with what it was given, as it is or counted."""
        for index in calls:
            arguments = file.calls[index].arguments
            handed_on = all(_is_own(file, function, argument.value) for argument in arguments)
            if handed_on and index not in file.forwarded and self._begins(file, index, function):
                yield index

    def _begins(self, file: FileIndex, index: int, function: int) -> bool:
        """Whether a call is one of a function on the same object, or of a helper beside it that always calls it."""
        name = file.function(function).name
        if leaf_of(file.calls[index].callee) == name:
            own = _is_on_itself(file, function, file.calls[index].callee)
            return own and (file.path, function) in self._functions(file, index)
        return any(
            path == file.path
            and file.calls[other].block == file.function(helper).block
            and leaf_of(file.calls[other].callee) == name
            and (path, function) in self._functions(file, other)
            for path, helper in self._functions(file, index)
            for other in file.calls_in.get(helper, ())
        )

    @staticmethod
    def _selects(file: FileIndex, index: int, handler: int) -> bool:
        """Whether a handler asks for more than the attempts so far before it begins anew."""
        numbers = counters(file, file.facts.blocks[handler].function, index)
        asked = tests_above(file, file.calls[index].block, handler)
        explained = file.facts.blocks[handler].form == "explained"
        return explained or any(not mentions(file, test, numbers) for test in asked)

    def _functions(self, file: FileIndex, index: int) -> list[FunctionKey]:
        return [one.function for one in self._graph.of(file.path, index) if one.function is not None]

    @staticmethod
    def _asks_whether_again(file: FileIndex, index: int, handler: int) -> bool:
        """Whether a function begins anew once only: before that it asks for a flag that the handler sets."""
        function = file.facts.blocks[handler].function
        bindings = file.bindings_in.get(function, ())
        flags = [one.target for one in bindings if file.inside(one.block, handler) and is_flag(one)]
        asked = (side for test in _asked_before(file, index, handler) for side in sides(test))
        return any((side.of if isinstance(side, Unary) else side) in flags for side in asked)

    def _bound(self, file: FileIndex, index: int, handler: int) -> Literal["yes", "no", "unknown"]:
        numbers = counters(file, file.facts.blocks[handler].function, index)
        tests = list(tests_above(file, file.calls[index].block, handler))
        changed = _changed(file, handler)
        if any(mentions(file, test, numbers) for test in _asked_before(file, index, handler)):
            return "yes"
        if any(mentions(file, test, changed) for test in tests):
            return "yes"  # the next attempt comes another way
        function = file.facts.blocks[handler].function
        if any(asks_who_counts(self._graph, file, function, test) for test in _asked_before(file, index, handler)):
            return "unknown"
        if self._mends(file, index, handler) and any(isinstance(_bare(test), CallRef) for test in tests):
            return "unknown"  # it asks what is missing, and begins anew when that is there
        kept = handed_on_as_it_is(file, index)
        open_tests = (test for test in tests if not mentions(file, test, kept))
        return "unknown" if any(word in shown(file, test).lower() for test in open_tests for word in COUNTING) else "no"

    def _attempts(self, file: FileIndex, index: int) -> int | None:
        """The number that a branch of the function holds its attempts so far against before it gives up."""
        function = file.facts.blocks[file.calls[index].block].function
        numbers = counters(file, function, index)
        for jump in file.jumps_in.get(function, ()):
            branch = file.facts.blocks[jump.block]
            test = branch.subject if branch.kind == "branch" and jump.kind == "raise" else None
            if isinstance(test, Binary) and test.op in (">=", ">", "==") and leaf_of(test.left) in numbers:
                return self._tries.of_bound(file, jump.block, test.right)
        return None

    def _delay(self, file: FileIndex, index: int, handler: int) -> Delay:
        """The pause in the handler; unknown where something else is done there, which may mend what failed."""
        found = self._pauses.delay(file, handler)
        mended = self._mends(file, index, handler) or _notes_down(file, handler)
        return "unknown" if found == "none" and mended else found

    @staticmethod
    def _mends(file: FileIndex, index: int, handler: int) -> bool:
        """Whether a handler does more than tell of the error before it begins anew."""
        again = file.calls[index]
        others = (
            call.callee
            for call in (file.calls[other] for other in file.calls_in.get(file.facts.blocks[handler].function, ()))
            if file.inside(call.block, handler) and file.inside(again.block, call.block) and call.span < again.span
        )
        passed_on = [argument.value for argument in again.arguments if argument.spread]
        return any(
            not only_tells(leaf_of(callee)) and not (isinstance(callee, Attribute) and callee.of in passed_on)
            for callee in others
        )


def _bare(test: Expr) -> Expr:
    return test.of if isinstance(test, Unary) else test


def _begins_loop(file: FileIndex, tried: int) -> bool:
    """Whether what is tried is a loop of its own, as that of a server: it is begun again, and asks nobody once more."""
    function = file.facts.blocks[tried].function
    loops = (one for one in file.blocks_in.get(function, ()) if file.facts.blocks[one].kind == "loop")
    return any(file.facts.blocks[one].form in ("while", "endless") and file.inside(one, tried) for one in loops)


def _is_on_itself(file: FileIndex, function: int, callee: Expr) -> bool:
    """Whether a method is called on its own object or class: the same method of another object is other work."""
    cls = file.function(function).cls
    if cls < 0 or not isinstance(callee, Attribute):
        return True
    owner = leaf_of(callee.of)
    return owner == file.facts.classes[cls].name or file.class_of_receiver(function, owner) is not None


def _changed(file: FileIndex, handler: int) -> set[str]:
    """The names of what a handler takes something out of, adds something to, or writes a constant into."""
    function = file.facts.blocks[handler].function
    calls = (file.calls[index] for index in file.calls_in.get(function, ()))
    written = (one for one in file.bindings_in.get(function, ()) if file.inside(one.block, handler))
    items = {leaf_of(one.target.of) for one in written if isinstance(one.target, Item) and isinstance(one.value, Const)}
    return items | {
        leaf_of(call.callee.of)
        for call in calls
        if isinstance(call.callee, Attribute) and call.callee.name in _CHANGING and file.inside(call.block, handler)
    }


def _notes_down(file: FileIndex, handler: int) -> bool:
    """Whether a handler writes something down that the next attempt may heed: an address that is not to be asked."""
    bindings = file.bindings_in.get(file.facts.blocks[handler].function, ())
    return any(
        file.inside(one.block, handler) and isinstance(one.target, (Attribute, Item)) and not is_counted(one)
        for one in bindings
    )


def _is_own(file: FileIndex, function: int, expr: Expr) -> bool:
    """Whether an argument is what the function itself was given, or kept on its object, or is counted on."""
    if isinstance(expr, Spread):
        return _is_own(file, function, expr.of)
    if isinstance(expr, Binary) and expr.op in ("+", "-") and isinstance(expr.right, Const):
        return isinstance(expr.left, Name)
    return isinstance(expr, Attribute) or (isinstance(expr, Name) and (function, expr.id) in file.parameters)


def _asked_before(file: FileIndex, index: int, handler: int) -> Iterator[Expr]:
    """The conditions on which a handler begins its function anew, and those on which the function is left instead."""
    yield from tests_above(file, file.calls[index].block, handler)
    for jump in file.jumps_in.get(file.facts.blocks[handler].function, ()):
        if jump.kind in ("raise", "return") and not _is_call_of(file, jump, index):
            yield from _guards(file, jump, handler)


def _guards(file: FileIndex, jump: Jump, handler: int) -> Iterator[Expr]:
    """The conditions under which a jump leaves the function before the next attempt: in this handler, or in none."""
    inside = [number for number in file.chain(jump.block) if file.facts.blocks[number].kind == "handler"]
    if not inside or inside[0] == handler:
        yield from tests_above(file, jump.block, -1)


def _is_call_of(file: FileIndex, jump: Jump, index: int) -> bool:
    """Whether a jump gives back what the function itself gives: another attempt, no way out."""
    name = leaf_of(file.calls[index].callee)
    return isinstance(jump.value, CallRef) and leaf_of(file.calls[jump.value.index].callee) == name
