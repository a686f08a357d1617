"""How a loop waits between its rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ...nouns.facts import Attribute, Binary, CallRef, Const, Expr, Name
from ...nouns.libraries import Effect
from ...nouns.project import Retry
from ...nouns.source import Place
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.showing import mentions, shown
from ..sites import Sites
from .endings import sides, stands_in_limit
from .growth import doubled, grows, is_plain, is_random, uncut_power
from .tries import Tries

Delay = Literal["none", "fixed", "exponential", "jitter", "unknown"]
ENDLESS = "with no limit on attempts or time"
_PAUSES = re.compile(r"sleep|back_?off|delay|(?:^|[._])wait(?:_|$)")

_READING = frozenset({"int", "float", "get", "getattr", "pop", "max"})
"""Calls that give what the peer says as it is."""
_COUNTED = ("count", "each")
"""Forms of loops whose rounds are so many and no more."""
LONG = 10
"""Seconds from which a constant pause is a schedule, not a beat on the peer."""


def is_long(pause: Expr) -> bool:
    """Whether a pause is written as so large a number that it is a schedule."""
    return isinstance(pause, Const) and isinstance(pause.value, (int, float)) and pause.value >= LONG


def pauses(name: str) -> bool:
    """Whether something is called like a pause, or reckons one."""
    return _PAUSES.search(name.lower()) is not None


class Pauses:
    """Reads the waiting inside loops."""

    def __init__(self, sites: Sites, tries: Tries) -> None:
        self._sites = sites
        self._tries = tries

    def place(self, file: FileIndex, number: int) -> Place | None:
        """Where a loop waits between its rounds: the pause that `delay` speaks of, or else the first."""
        index = self.at(file, number)
        return None if index is None else file.place(file.calls[index].span)

    def at(self, file: FileIndex, number: int) -> int | None:
        """The call by which a loop waits between its rounds."""
        wanted = self.delay(file, number)
        first: int | None = None
        for index in file.calls_in.get(file.facts.blocks[number].function, ()):
            site = self._sites.by_call.get((file.path, index))
            inside = file.inside(file.calls[index].block, number)
            if inside and site is not None and site.direct and Effect.SLEEP in site.effects:
                if self._delay_of(file, number, index) == wanted:
                    return index
                first = index if first is None else first
        return first

    def of_the_peer(self, file: FileIndex) -> Iterator[Retry]:
        """Pauses in loops as long as the peer says (Retry-After), with nothing of ours to bound them."""
        for index in file.by_leaf.get("sleep", ()):
            call = file.calls[index]
            site = self._sites.by_call.get((file.path, index))
            expr = expression_at(call, None, 0)
            loop = next((number for number in file.chain(call.block) if file.facts.blocks[number].kind == "loop"), None)
            if site is None or loop is None or not isinstance(expr, (Name, Attribute)):
                continue
            regions = site.context.regions
            limited = stands_in_limit(file, loop) or any(region.kind == "limit" for region in regions)
            said = "retry_after" in leaf_of(expr).lower() and not _is_reckoned(file, loop, expr)
            if said and not limited and not self._is_capped(file, index, expr):
                yield Retry(
                    site.place,
                    site.function,
                    f"{file.facts.blocks[loop].form} loop",
                    by_hand=True,
                    bounded="no",
                    unbounded_because="after a pause that only the peer decides",
                    delay="unknown",
                    on="unknown",
                    covers=tuple(one for one in self._sites.within(file, loop) if one.remote),
                    pause=site.place,
                    certain=False,
                    counted=site.context.loops[0].form in _COUNTED or self._tries.of_loop(file, loop) is not None,
                )

    @staticmethod
    def _is_capped(file: FileIndex, index: int, expr: Expr) -> bool:
        """Whether the value was cut down, or compared with a bound of ours, in the same function."""
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        for number in file.calls_in.get(function, ()):
            other = file.calls[number]
            given = any(mentions(file, argument.value, {leaf_of(expr)}) for argument in other.arguments)
            if given and leaf_of(other.callee) in ("min", "clamp"):
                return True
        tests = (block.subject for block in file.facts.blocks if block.function == function)
        return any(isinstance(side, Binary) and _compares(side, expr) for test in tests for side in sides(test))

    def delay(self, file: FileIndex, number: int) -> Delay:
        """How a loop waits between its rounds."""
        found: list[Delay] = []
        function = file.facts.blocks[number].function
        for index in file.calls_in.get(function, ()):
            call = file.calls[index]
            if not file.inside(call.block, number) or leaf_of(call.callee) == file.function(function).name:
                continue  # a function that calls itself does not pause by that, whatever it is called
            site = self._sites.by_call.get((file.path, index))
            if site is not None and site.direct and Effect.SLEEP in site.effects:
                found.append(self._delay_of(file, number, index))
            elif self.is_pause(file, index):
                found.append("unknown")
        for best in ("jitter", "exponential", "unknown", "fixed"):
            if best in found:
                return best
        return "none"

    def is_pause(self, file: FileIndex, index: int) -> bool:
        """Whether a call waits a while, by what it does or by its name."""
        site = self._sites.by_call.get((file.path, index))
        sleeps = site is not None and Effect.SLEEP in site.effects
        return sleeps or _PAUSES.search(shown(file, file.calls[index].callee).lower()) is not None

    def rests(self, file: FileIndex, number: int) -> bool:
        """Whether a loop waits so long between its rounds that they burden nobody."""
        for index in file.calls_in.get(file.facts.blocks[number].function, ()):
            site = self._sites.by_call.get((file.path, index))
            sleeps = site is not None and site.direct and Effect.SLEEP in site.effects
            if sleeps and file.inside(file.calls[index].block, number) and self._is_long(file, index):
                return True
        return False

    def _is_long(self, file: FileIndex, index: int) -> bool:
        """Whether a pause is so large a number, or named by what is one, that it is a schedule."""
        expr = expression_at(file.calls[index], None, 0)
        shortest = self._tries.least(file, index, expr) if expr is not None else None
        return expr is not None and (is_long(expr) or (shortest is not None and shortest >= LONG))

    def capped(self, file: FileIndex, number: int) -> bool:
        """Whether no pause of a loop can grow for ever: no exponent, or one that is cut down or compared."""
        for index in file.calls_in.get(file.facts.blocks[number].function, ()):
            call = file.calls[index]
            site = self._sites.by_call.get((file.path, index))
            if site is None or Effect.SLEEP not in site.effects or not file.inside(call.block, number):
                continue
            for argument in call.arguments[:1]:
                power = uncut_power(argument.value) or doubled(file, number, argument.value)
                if power is not None and not self._is_capped(file, index, power):
                    return False
        return True

    def _delay_of(self, file: FileIndex, loop: int, index: int) -> Delay:
        expr = expression_at(file.calls[index], None, 0)
        if expr is None or self._is_long(file, index) or self._is_slice(file, loop, index):
            return "unknown"
        if is_random(file, index, expr):
            return "jitter"
        if grows(file, loop, expr):
            return "exponential"
        changing = {
            b.target.id for b in file.facts.bindings if isinstance(b.target, Name) and file.inside(b.block, loop)
        }
        return "fixed" if is_plain(expr) and not mentions(file, expr, changing) else "unknown"

    @staticmethod
    def _is_slice(file: FileIndex, loop: int, index: int) -> bool:
        """Whether a pause is a part of a longer one: ``while time.monotonic() < until: time.sleep(1)``."""
        around = (one for one in file.chain(file.calls[index].block) if one > loop)
        return any(file.facts.blocks[one].kind == "loop" for one in around)


def _is_reckoned(file: FileIndex, loop: int, pause: Expr) -> bool:
    """Whether a pause comes out of a function, which may have cut it down or made it itself: ``backoff.delay()``."""
    bindings = file.bindings_in.get(file.facts.blocks[loop].function, ())
    drawn = [one.value for one in bindings if one.target == pause and isinstance(one.value, CallRef)]
    return any(leaf_of(file.calls[one.index].callee) not in _READING for one in drawn)


def _compares(test: Binary, expr: Expr) -> bool:
    """Whether a test holds a value against a bound: a name, or a number that it must not be larger than."""
    if expr not in (test.left, test.right) or test.op not in ("<", "<=", ">", ">="):
        return False
    other = test.right if expr == test.left else test.left
    if not isinstance(other, Const):
        return True
    above = test.op in (">", ">=") if expr == test.left else test.op in ("<", "<=")
    return above and isinstance(other.value, (int, float)) and other.value > 1
