"""How a loop waits between its rounds."""

from __future__ import annotations

import re
from typing import Literal

from ..facts import Attribute, Binary, Const, Expr, Name
from ..libraries import Effect
from ..source import Place
from .arguments import expression_at
from .index import FileIndex
from .showing import mentions, shown
from .sites import Sites

Delay = Literal["none", "fixed", "exponential", "jitter", "unknown"]
_PAUSES = re.compile(r"sleep|back_?off|delay|(?:^|[._])wait(?:_|$)")
_RANDOM = ("random", "uniform", "jitter", "randint", "expovariate")


class Pauses:
    """Reads the waiting inside loops."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def place(self, file: FileIndex, number: int) -> Place | None:
        """Where a loop waits between its rounds."""
        for index in file.calls_in.get(file.facts.blocks[number].function, ()):
            site = self._sites.by_call.get((file.path, index))
            inside = file.inside(file.calls[index].block, number)
            if inside and site is not None and site.direct and Effect.SLEEP in site.effects:
                return site.place
        return None

    def delay(self, file: FileIndex, number: int) -> Delay:
        """How a loop waits between its rounds."""
        found: list[Delay] = []
        function = file.facts.blocks[number].function
        for index in file.calls_in.get(function, ()):
            call = file.calls[index]
            if not file.inside(call.block, number):
                continue
            name = shown(file, call.callee).lower()
            site = self._sites.by_call.get((file.path, index))
            sleeps = site is not None and Effect.SLEEP in site.effects
            if sleeps and site is not None and site.direct:
                found.append(self._delay_of(file, number, index))
            elif sleeps or _PAUSES.search(name):
                found.append("unknown")
        for best in ("jitter", "exponential", "unknown", "fixed"):
            if best in found:
                return best
        return "none"

    def _delay_of(self, file: FileIndex, loop: int, index: int) -> Delay:
        expr = expression_at(file.calls[index], None, 0)
        if expr is None:
            return "unknown"
        text = self._deep_text(file, index, expr)
        if any(word in text for word in _RANDOM):
            return "jitter"
        changing = {
            b.target.id for b in file.facts.bindings if isinstance(b.target, Name) and file.inside(b.block, loop)
        }
        if mentions(file, expr, changing):
            return "exponential"
        if isinstance(expr, (Const, Name, Attribute, Binary)):
            return "fixed"
        return "unknown"

    def _deep_text(self, file: FileIndex, index: int, expr: Expr) -> str:
        text = shown(file, expr).lower()
        call = file.calls[index]
        function = file.facts.blocks[call.block].function
        for binding in file.facts.bindings:
            if (
                isinstance(binding.target, Name)
                and binding.target.id in text
                and binding.value is not None
                and file.facts.blocks[binding.block].function == function
            ):
                text += " " + shown(file, binding.value).lower()
        return text
