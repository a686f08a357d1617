"""Retries written as an appointment: after a failure a function has itself called again later (``call_later``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from ...nouns.facts import Attribute, Binary, Call, Expr, Name
from ...nouns.members import Member
from ...nouns.project import Retry, Site
from ..calls.contexts import Contexts
from ..files.arguments import expression_at
from ..files.index import FileIndex, leaf_of
from ..files.showing import shown
from ..knowledge.catalog import Catalog
from ..sites import Sites
from .endings import tests_above
from .growth import is_plain, is_random, uncut_power
from .joining import joins
from .pauses import Delay, is_long
from .peer_errors import tells_of_peer
from .repeated import is_repeated

_TRYING = re.compile(r"retry|retries|recover|reconnect|back_?off|attempt", re.IGNORECASE)
_UNBOUNDED = "for ever, because each failure makes the next appointment"


class _Appointment(msgspec.Struct, frozen=True):
    """A call that has a function called later: its number, what its member does, its pause, the function it is in."""

    index: int
    member: Member
    pause: Expr | None
    function: int

    @property
    def at_once(self) -> bool:
        """Whether nothing lies between the failure and the next attempt."""
        return self.member.does == "calls-soon"


class Rescheduled:
    """Recognises functions of one file that have themselves called again, straight away or by a helper beside them."""

    def __init__(self, catalog: Catalog, sites: Sites, contexts: Contexts) -> None:
        self._appointing = {
            name: member for name, member in catalog.members.items() if member.does in ("calls-later", "calls-soon")
        }
        self._catalog = catalog
        self._sites = sites
        self._contexts = contexts

    def find(self, file: FileIndex) -> Iterator[Retry]:
        """One retry for each appointment of a function with itself that a failure of its remote work leads to."""
        if self._appointing.keys().isdisjoint(file.by_leaf):
            return
        for number, function in enumerate(file.facts.functions):
            for index, made in self._appointments(file, number, function.name):
                call = file.calls[index]
                handler = next(
                    (one for one in file.chain(call.block) if file.facts.blocks[one].kind == "handler"), None
                )
                found = (
                    self._after_answer(file, number, call, made)
                    if handler is None
                    else self._after_error(file, number, handler, call, made)
                )
                if found is not None:
                    yield found

    def _after_error(self, file: FileIndex, number: int, handler: int, call: Call, made: _Appointment) -> Retry | None:
        """An appointment that an error handler makes for the work of its try."""
        kept = self._contexts.handlers.of(file, handler)
        tried = file.facts.blocks[handler].partner
        covers = tuple(site for site in self._sites.within(file, tried) if is_repeated(site))
        if not covers and not tells_of_peer(self._catalog, kept.catches):
            return None
        asked = any(True for _ in tests_above(file, call.block, handler))
        return self._retry(file, number, call, made, covers, "unknown" if asked else "no", kept.catches)

    def _after_answer(self, file: FileIndex, number: int, call: Call, made: _Appointment) -> Retry | None:
        """One that a branch makes, where its names say that it tries again: told for what is sure, its pause."""
        names = (file.function(number).name, file.function(made.function).name)
        if not any(_TRYING.search(name) for name in names) or (not made.at_once and _capped(file, made.pause)):
            return None
        covers = tuple(site for site in self._sites.in_function((file.path, number)) if is_repeated(site))
        return self._retry(file, number, call, made, covers, "no" if made.at_once else "unknown", ())

    def _retry(
        self,
        file: FileIndex,
        number: int,
        call: Call,
        made: _Appointment,
        covers: tuple[Site, ...],
        bounded: Literal["no", "unknown"],
        catches: tuple[str, ...],
    ) -> Retry:
        place = file.place(call.span)
        return Retry(
            place,
            self._sites.function((file.path, number)),
            shown(file, file.calls[made.index].callee),
            by_hand=True,
            bounded=bounded,
            unbounded_because=_UNBOUNDED,
            delay=_delay(file, made),
            on="unknown",
            covers=covers,
            catches=catches,
            pause=place,
            joins=joins(file, file.function(number).block, covers),
            capped=_capped(file, made.pause),
            certain=False,
        )

    def _appointments(self, file: FileIndex, number: int, name: str) -> Iterator[tuple[int, _Appointment]]:
        """The calls by which a function is called again later, each with the appointment it leads to."""
        own = file.function(number)
        for index in file.calls_in.get(number, ()):
            made = self._made(file, index, number, name)
            if made is not None:
                yield index, made
            helper = _beside(file, own.cls, file.calls[index]) if made is None and own.cls >= 0 else None
            for inner in file.calls_in.get(helper, ()) if helper not in (None, number) else ():
                made = self._made(file, inner, helper or 0, name)
                if made is not None:
                    yield index, made

    def _made(self, file: FileIndex, index: int, number: int, name: str) -> _Appointment | None:
        """The appointment that a call makes with the function of that name."""
        call = file.calls[index]
        member = self._appointing.get(leaf_of(call.callee))
        if member is None:
            return None
        given = [argument.value for argument in call.arguments if not argument.spread]
        if not any(isinstance(one, (Name, Attribute)) and leaf_of(one) == name for one in given):
            return None
        at = member.pause
        return _Appointment(index, member, expression_at(call, at.argument, at.position) if at else None, number)


def _beside(file: FileIndex, cls: int, call: Call) -> int | None:
    """The method of the same class that a call on ``self`` runs."""
    callee = call.callee
    on_self = isinstance(callee, Attribute) and isinstance(callee.of, Name) and callee.of.id == "self"
    return file.methods.get((cls, leaf_of(callee))) if on_self else None


def _delay(file: FileIndex, made: _Appointment) -> Delay:
    if made.at_once:
        return "none"
    if made.pause is None or is_long(made.pause):
        return "unknown"
    if is_random(file, made.index, made.pause):
        return "jitter"
    if uncut_power(made.pause) is not None:
        return "exponential"
    return "fixed" if is_plain(made.pause) and not _changes(file, made.pause) else "unknown"


def _changes(file: FileIndex, pause: Expr) -> bool:
    """Whether a pause is kept in what methods change on their way: it may grow."""
    leaf = leaf_of(pause)
    changing = [one for one in file.facts.bindings if leaf and leaf_of(one.target) == leaf]
    return any(
        one.how == "augment" or file.function(file.facts.blocks[one.block].function).name not in ("", "__init__")
        for one in changing
        if file.scope(one.block)
    )


def _capped(file: FileIndex, pause: Expr | None) -> bool:
    """Whether a pause is no exponent, or one that the file holds against something."""
    power = uncut_power(pause) if pause is not None else None
    tests = (block.subject for block in file.facts.blocks)
    return power is None or any(
        isinstance(test, Binary) and test.op in ("<", "<=", ">", ">=") and power in (test.left, test.right)
        for test in tests
    )
