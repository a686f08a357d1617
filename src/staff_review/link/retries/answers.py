"""Loops that ask again for what a peer answered: its status says that it could not, and no error was raised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nouns.facts import Attribute, Binary, Const, Expr, Item, Jump, Name, Sequence, Unary
from ...nouns.libraries import Effect
from ...nouns.project import Retry, Site
from ..calls.flow import given_by, used_by
from ..calls.graph import Graph
from ..files.index import FileIndex, leaf_of
from ..sites import Sites
from .endings import STATUS, Endings, nearest_loop, sides, tests_above
from .errands import waits_for_peer
from .pauses import ENDLESS, Pauses

_NOT_YET = frozenset({202, 204, 304, 404})
"""Answers of a peer that is well and has nothing to give yet."""
_FAILED = 400
_LEAST = 100
_VERBS = frozenset({"get", "head", "options", "post", "put", "patch", "delete", "request"})
_NUMBER = re.compile(r"\b[1-5]\d\d\b")


class Answers:
    """Recognises, in one file, the loops that end at the first answer with a good status."""

    def __init__(self, sites: Sites, endings: Endings, pauses: Pauses) -> None:
        self._sites = sites
        self._endings = endings
        self._pauses = pauses

    def of(self, file: FileIndex, loop: int) -> Retry | None:
        """The retry that a loop of attempts is, if it asks the same until the status of the answer is a good one."""
        asked = {
            number: block.subject
            for number, block in enumerate(file.facts.blocks)
            if block.kind == "branch" and block.subject is not None and nearest_loop(file, number) == loop
        }
        led_to = list(tests_above(file, loop, -1))
        for index in file.calls_in.get(file.facts.blocks[loop].function, ()):
            if nearest_loop(file, file.calls[index].block) != loop or not self._is_asked(file, loop, index):
                continue
            site = self._sites.by_call.get((file.path, index))
            sites = [site] if site is not None else []
            if any(map(_may_come_yet, (*asked.values(), *led_to))) or waits_for_peer(file, loop, sites):
                continue
            given = given_by(file, index)
            if site is None and not any(_is_coded(test, given) for test in asked.values()):
                continue
            if _ends_well(file, loop, {number: _says_failed(test, given) for number, test in asked.items()}):
                return self._retry(file, loop, sites)
        return None

    def _is_asked(self, file: FileIndex, loop: int, index: int) -> bool:
        """Whether a call asks a peer for the same in every round, and what it answers has a name.

        One that nobody sees through is taken for such where it is called as HTTP's verbs are; its status must prove it.
        """
        site, call = self._sites.by_call.get((file.path, index)), file.calls[index]
        if site is None:
            seems = isinstance(call.callee, Attribute) and call.callee.name in _VERBS
        else:
            seems = Effect.HTTP in site.effects and site.direct and not site.scheduled
        if not seems or not given_by(file, index) or Graph.in_handler(file, index):
            return False
        function = file.facts.blocks[loop].function
        filled = {
            leaf_of(binding.target.of)
            for binding in file.bindings_in.get(function, ())
            if isinstance(binding.target, Item) and file.inside(binding.block, loop)
        }
        return filled.isdisjoint(used_by(file, index))

    def _retry(self, file: FileIndex, loop: int, sites: list[Site]) -> Retry:
        block = file.facts.blocks[loop]
        return Retry(
            file.place(block.span),
            self._sites.function((file.path, block.function)),
            f"{block.form} loop",
            by_hand=True,
            bounded=self._endings.bound(file, loop, []),
            capped=self._pauses.capped(file, loop),
            unbounded_because=ENDLESS,
            delay=self._pauses.delay(file, loop),
            on="unknown" if sites else "given",
            covers=tuple(sites),
            pause=self._pauses.place(file, loop),
            certain=False,
        )


def _ends_well(file: FileIndex, loop: int, tests: dict[int, bool | None]) -> bool:
    """Whether a good status ends a loop and a bad one leads to the next round."""
    good = {number for number, failed in tests.items() if failed is False}
    bad = {number for number, failed in tests.items() if failed is True}
    jumps = [jump for jump in file.facts.jumps if nearest_loop(file, jump.block) == loop]
    leaving = [jump for jump in jumps if jump.kind in ("return", "break")]
    if any(_is_under(file, jump, good) for jump in leaving):
        otherwise = {
            n for n, block in enumerate(file.facts.blocks) if block.kind == "otherwise" and block.partner in good
        }
        out = {loop, *otherwise}
        return not any(jump.kind in ("return", "break", "raise") and jump.block in out for jump in jumps)
    again = any(jump.kind == "continue" and _is_under(file, jump, bad) for jump in jumps)
    return again and any(jump.block == loop and jump.kind in ("return", "break") for jump in leaving)


def _is_under(file: FileIndex, jump: Jump, branches: set[int]) -> bool:
    """Whether a jump stands in the first side of one of some branches."""
    return any(file.inside(jump.block, branch) for branch in branches)


def _says_failed(test: Expr | None, answers: frozenset[str]) -> bool | None:
    """Whether a test on the status of one of some answers is true after a failure; None when it asks something else."""
    if isinstance(test, Unary) and test.op == "not":
        inner = _says_failed(test.of, answers)
        return None if inner is None else not inner
    parts = list(sides(test))
    if len(parts) > 1:
        return next((found for found in (_says_failed(part, answers) for part in parts) if found is not None), None)
    if isinstance(test, Attribute):
        return test.name == "is_error" if _is_status(test, answers) else None
    if not isinstance(test, Binary) or not _is_status(test.left, answers):
        return None
    codes = list(_codes(test.right))
    if not codes:
        return None
    failed = all(code >= _FAILED for code in codes)
    if test.op in ("==", "in"):
        return failed
    if test.op in ("!=", "not in"):
        return not failed
    return {"<": False, "<=": False, ">": True, ">=": True}.get(test.op)


def _is_coded(test: Expr, answers: frozenset[str]) -> bool:
    """Whether a test holds the status of one of some answers against a number of HTTP."""
    bare = test.of if isinstance(test, Unary) else test
    return any(
        isinstance(side, Binary)
        and _is_status(side.left, answers)
        and any(code >= _LEAST for code in _codes(side.right))
        for side in sides(bare)
    )


def _may_come_yet(test: Expr) -> bool:
    """Whether a test asks for an answer that there is nothing yet."""
    return any(
        isinstance(side, Binary) and leaf_of(side.left) in STATUS and not _NOT_YET.isdisjoint(_codes(side.right))
        for side in sides(test)
    )


def _is_status(expr: Expr, answers: frozenset[str]) -> bool:
    return isinstance(expr, Attribute) and expr.name in STATUS and isinstance(expr.of, Name) and expr.of.id in answers


def _codes(expr: Expr) -> Iterator[int]:
    """The numbers of a status that an expression holds: literal ones, and those in names such as ``HTTP_429``."""
    if isinstance(expr, Sequence):
        for item in expr.items:
            yield from _codes(item)
    elif isinstance(expr, Const) and isinstance(expr.value, int):
        yield expr.value
    elif isinstance(expr, Attribute):
        yield from map(int, _NUMBER.findall(expr.name.replace("_", " ")))
