"""Two reviews of one code base, before a change and after: which findings are the change's own, and which it mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from ..nouns.findings import Finding
from ..nouns.settings import SEVERITIES
from .line_map import LineMap

_Key: TypeAlias = Callable[[Finding], Iterable[Hashable]]


class Former(msgspec.Struct, frozen=True):
    """The findings of a state before the change, and where its files and lines are now."""

    findings: tuple[Finding, ...]
    renamed: Mapping[str, str] = {}
    lines: Mapping[str, LineMap] = {}  # of the files that differ, by their path of now

    def path_now(self, path: str) -> str:
        """Where a file of then is now."""
        return self.renamed.get(path, path)


class Weighed(msgspec.Struct, frozen=True):
    """Which of the findings after a change are new, and which of those before it are gone."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


def weighed(now: Sequence[Finding], quiet: Sequence[Finding], before: Sequence[Former]) -> Weighed:
    """The findings that no state before the change had, and those of the first state that are neither shown nor quiet.

    A finding is known again by what it says of which code, then by its line, wherever function or file were moved or
    renamed to. One that became graver is new.
    """
    new = list(now)
    gone: tuple[Finding, ...] = ()
    for number, former in enumerate(before):
        pairs, left = _paired([*now, *quiet], former)
        known = {id(after) for after, then in pairs if _rank(after) <= _rank(then)}
        new = [finding for finding in new if id(finding) not in known]
        if number == 0:
            gone = tuple(left)
    return Weighed(tuple(new), gone)


def _paired(now: Sequence[Finding], former: Former) -> tuple[list[tuple[Finding, Finding]], list[Finding]]:
    """Pairs of a finding of now and its former self, the surest ways to know it first; and what of then is left."""
    fresh, old = list(now), list(former.findings)
    pairs: list[tuple[Finding, Finding]] = []
    for key_now, key_then in _ways(former):
        waiting: dict[Hashable, list[Finding]] = defaultdict(list)
        for finding in reversed(old):
            for key in key_then(finding):
                waiting[key].append(finding)
        taken: set[int] = set()
        rest = []
        for finding in fresh:
            found = next((one for key in key_now(finding) if (one := _next(waiting[key], taken))), None)
            if found is None:
                rest.append(finding)
            else:
                taken.add(id(found))
                pairs.append((finding, found))
        fresh, old = rest, [finding for finding in old if id(finding) not in taken]
    return pairs, old


def _ways(former: Former) -> Iterable[tuple[_Key, _Key]]:
    """How to know a finding again: a key of now and one of then, which are equal for the same finding."""

    def lines(finding: Finding) -> Sequence[int]:
        known = former.lines.get(finding.place.path)
        return (finding.place.line,) if known is None else known.former(finding.place.line)

    def path(finding: Finding) -> str:
        return former.path_now(finding.place.path)

    def claim(finding: Finding) -> tuple[str, ...]:
        return finding.rule, finding.scope, "".join(finding.subject.split())

    def text(finding: Finding) -> list[Hashable]:
        """What its line says now, in a file that was changed."""
        known = former.lines.get(finding.place.path)
        said = known.text(finding.place.line) if known is not None else ""
        return [(finding.place.path, finding.rule, said)] if said else []

    def text_then(finding: Finding) -> list[Hashable]:
        known = former.lines.get(path(finding))
        said = known.text_before(finding.place.line) if known is not None else ""
        return [(path(finding), finding.rule, said)] if said else []

    # The same words on the same line, in the file, anywhere; the same rule on the line; the same words in the family; a
    # line that was moved to another function.
    yield (
        lambda one: ((one.place.path, *claim(one), line) for line in lines(one)),
        lambda one: [(path(one), *claim(one), one.place.line)],
    )
    yield lambda one: [(one.place.path, *claim(one))], lambda one: [(path(one), *claim(one))]
    yield (lambda one: [claim(one)] if one.subject else [], lambda one: [claim(one)] if one.subject else [])
    yield (
        lambda one: ((one.place.path, one.rule, line) for line in lines(one)),
        lambda one: [(path(one), one.rule, one.place.line)],
    )
    yield (
        lambda one: [(one.place.path, one.family, *claim(one)[1:])] if one.subject else [],
        lambda one: [(path(one), one.family, *claim(one)[1:])] if one.subject else [],
    )
    yield text, text_then


def _next(waiting: list[Finding], taken: set[int]) -> Finding | None:
    while waiting:
        finding = waiting.pop()
        if id(finding) not in taken:
            return finding
    return None


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)
