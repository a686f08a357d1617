"""The hall of fixes: a review's edits, made, judged again as if they were written, and then written or shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from ..fix import Patch, patched
from ..fix.difference import Origins, unified
from ..fix.writing import replace
from ..nouns import edits
from ..nouns.findings import Finding, Gap
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from ..nouns.source import Original, Place
from .review import Outcome, review
from .stopwatch import Stopwatch

DEFAULT_LIMIT = 5.0
"""Seconds that a fix writes as a time limit when the settings declare none; then it is never a safe fix."""

_ROUNDS = 6
"""So often what raises new findings is taken out alone; towards the end whole files are given up."""

_CONFLICT = "another fix changes the same code; run again for this one"
_TOGETHER = "together with other fixes it would raise another finding"


class Unfixed(msgspec.Struct, frozen=True):
    """A finding whose fix was not made, and why in a clause; `later`: it may be made in the next run."""

    finding: Finding
    reason: str
    later: bool = False


class Change(msgspec.Struct, frozen=True):
    """What becomes of one file."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        return unified(self.path, self.before, self.after)


class Mended(msgspec.Struct, frozen=True):
    """What fixing did, or would do: changes by file, what they mend, what was not mended, and what is true now.

    `unsafe` counts findings whose fix was not asked for because it is not safe. `outcome` is the review of the files
    as they now are on disk.
    """

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    fixed: tuple[Finding, ...] = ()
    unfixed: tuple[Unfixed, ...] = ()
    unsafe: int = 0


Judge: TypeAlias = Callable[[Mapping[str, bytes]], Outcome]
"""Gives the review with some contents in place of the disk's, by the real path of their file."""


def mended(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    *,
    unsafe: bool,
    write: bool,
    cache: bool = True,
    jobs: int | None = None,
    stopwatch: Stopwatch | None = None,
) -> Mended:
    """Fix what a review of `paths` finds: safe fixes, or all; written, or only shown. Raises UsageError."""

    def judge(buffers: Mapping[str, bytes]) -> Outcome:
        return review(paths, settings, rulebook, cache=cache, jobs=jobs, buffers=buffers, stopwatch=stopwatch)

    first = judge({})
    wanted = [one for one in first.review.findings if is_safe(one, settings) or (unsafe and one.edit is not None)]
    left = sum(1 for one in first.review.findings if one.edit is not None) - len(wanted)
    bench = Bench(first, settings.fix_timeout or DEFAULT_LIMIT)
    with (stopwatch or Stopwatch()).phase("fixes"):
        then = bench.settle(wanted, judge)
    outcome = first
    if write and bench.changes:
        refused = bench.write()
        outcome = judge({}) if refused else then
    return Mended(outcome, tuple(bench.changes.values()), tuple(bench.fixed), tuple(bench.unfixed), left)


def is_safe(finding: Finding, settings: Settings) -> bool:
    """Whether no correct program can notice the fix of a finding, or only in what the settings declare."""
    return edits.is_safe(finding.edit, declared=settings.fix_timeout is not None)


class Bench:
    """The files under repair; what does not hold is taken out again, with its reason."""

    def __init__(self, first: Outcome, limit: float) -> None:
        self._first = first
        self._limit = limit
        self._originals: dict[str, Original] = {}
        self.changes: dict[str, Change] = {}
        self.fixed: list[Finding] = []
        self.unfixed: list[Unfixed] = []

    def settle(self, wanted: Sequence[Finding], judge: Judge) -> Outcome:
        """Make the edits and judge the result until nothing in it is worse; the review of what came out."""
        tried = self._readable(wanted)
        for patience in range(_ROUNDS, -1, -1):
            tried = self._make(tried)
            if not tried:
                break
            then = judge(self._buffers())
            wrong = self._wrong(tried, then)
            if not wrong:
                self.fixed = tried
                return then
            files = {one.place.path for one in tried if id(one) in wrong}
            gone = [
                one for one in tried
                if id(one) in wrong or not patience or (patience < _ROUNDS // 2 and one.place.path in files)
            ]  # fmt: skip
            self.unfixed += [Unfixed(one, wrong.get(id(one), _TOGETHER)) for one in gone]
            tried = [one for one in tried if one not in gone]
        self.changes = {}
        return self._first

    def _readable(self, wanted: Sequence[Finding]) -> list[Finding]:
        for path in dict.fromkeys(one.place.path for one in wanted):
            original = self._first.sources.original(path)
            if isinstance(original, Gap):
                self.unfixed += [Unfixed(one, original.reason) for one in wanted if one.place.path == path]
            else:
                self._originals[path] = original
        return [one for one in wanted if one.place.path in self._originals]

    def _make(self, tried: list[Finding]) -> list[Finding]:
        """Make the edits of some findings in their files; those that could be made."""
        self.changes = {}
        made: list[Finding] = []
        for path, original in self._originals.items():
            here = [one for one in tried if one.place.path == path]
            patch = patched(original.text, [one.edit for one in here if one.edit is not None], self._limit)
            self.unfixed += [Unfixed(here[number], reason) for number, reason in patch.refused.items()]
            self.unfixed += [Unfixed(here[number], _CONFLICT, later=True) for number in patch.later]
            made += _made(here, patch)
            if patch.text != original.text:
                self.changes[path] = Change(path, original.text, patch.text)
        return made

    def _buffers(self) -> dict[str, bytes]:
        return {
            self._originals[path].absolute: self._originals[path].with_text(change.after)
            for path, change in self.changes.items()
        }

    def _wrong(self, tried: list[Finding], then: Outcome) -> dict[int, str]:
        """The findings, by identity, whose fix does not silence them or raises another, and why."""
        if then.review.faults != self._first.review.faults:
            return {id(one): "a check fails on the result" for one in tried}
        former = Former(self.changes)
        stood = {(one.rule, one.place.path, one.place.line) for one in self._first.review.findings}
        mended_ = {(one.rule, one.place.path, one.place.line): one for one in tried}
        ends = {(one.rule, former.end_of(one, now=False)) for one in tried}
        wrong: dict[int, str] = {}
        for finding in then.review.findings:
            keys = [(finding.rule, finding.place.path, line) for line in former.lines(finding.place)]
            still = [mended_[key] for key in keys if key in mended_ and not former.is_other(finding, mended_[key])]
            if still:
                wrong.update((id(one), "the finding would remain") for one in still)
            elif not any(key in stood for key in keys) and (finding.rule, former.end_of(finding, now=True)) not in ends:
                reason = f"it would raise {finding.rule} at {finding.place}"
                wrong.update((id(one), reason) for one in self._causes(finding, tried, former))
        return wrong

    @staticmethod
    def _causes(finding: Finding, tried: list[Finding], former: Former) -> list[Finding]:
        """The fixes that may have raised a finding: those nearest in its file, else those on its trail, else all."""
        for place in (finding.place, *(step.place for step in finding.trail)):
            here = [one for one in tried if one.place.path == place.path]
            lines = former.lines(place)
            if here and lines:
                least = min(abs(one.place.line - lines[0]) for one in here)
                return [one for one in here if abs(one.place.line - lines[0]) == least]
        return tried

    def write(self) -> bool:
        """Write the changes; True when a file had to be left alone."""
        planned = list(self.changes)
        for path in planned:
            reason = replace(self._originals[path], self._originals[path].with_text(self.changes[path].after))
            if reason:
                del self.changes[path]
                self.unfixed += [Unfixed(one, reason) for one in self.fixed if one.place.path == path]
                self.fixed = [one for one in self.fixed if one.place.path != path]
        return len(self.changes) < len(planned)


def _made(here: list[Finding], patch: Patch) -> list[Finding]:
    return [one for number, one in enumerate(here) if number not in patch.refused and number not in patch.later]


class Former:
    """Where lines of changed files were before."""

    def __init__(self, changes: Mapping[str, Change]) -> None:
        self._origins = {path: Origins(change.before, change.after) for path, change in changes.items()}

    def lines(self, place: Place) -> Sequence[int]:
        """The former lines of what stands at a place now; none for a line that is new."""
        known = self._origins.get(place.path)
        return known.lines(place.line) if known is not None else (place.line,)

    def is_other(self, finding: Finding, mended_: Finding) -> bool:
        """Whether a finding surely began elsewhere than the one that was mended, though on the same line."""
        here, span = finding.place.span, mended_.place.span
        known = self._origins.get(finding.place.path)
        former = known.position(here.line, here.column) if known is not None else (here.line, here.column)
        return former is not None and former != (span.line, span.column)

    def end_of(self, finding: Finding, *, now: bool) -> tuple[str, Sequence[int]]:
        """Where the trail of a finding ends, in former lines: the same end is the same defect seen from elsewhere."""
        place = finding.trail[-1].place if finding.trail else finding.place
        return place.path, tuple(self.lines(place)) if now else (place.line,)
