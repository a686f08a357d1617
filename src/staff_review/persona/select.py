"""What a persona is shown: the functions that a change or a finding touches, then those that serve requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ..nouns.facts import FileFacts
from ..nouns.findings import Finding
from ..nouns.project import Project
from ..nouns.settings import SEVERITIES
from ..nouns.source import Place, Span
from .extents import LONG, Extent
from .files import LONGEST_LINE, Files
from .hostile import steering, visible
from .known import Known
from .nearby import leads_of, lines_beside, lines_elsewhere
from .redact import Redactor
from .units import Line, Scope, Unit

MOST_UNITS = 40
SOFT_LETTERS = 18_000
"""About 6,000 tokens: reviews get worse as what is shown grows, so a unit is no larger unless one function is."""


class Material(NamedTuple):
    """What the static half hands over. `changed` are the lines that a change brought, None when all is reviewed.

    `home` is the folder that paths in fingerprints are from. `around` says in sentences which service a file is part of
    and what that one calls and is called by.
    """

    findings: Sequence[Finding]
    project: Project
    facts: Callable[[str], FileFacts | None]
    lines: Callable[[str], Sequence[str]]
    changed: Mapping[str, frozenset[int]] | None = None
    redact: tuple[str, ...] = ()
    home: str = ""
    around: Callable[[str], tuple[str, ...]] = lambda _path: ()


class Draft(msgspec.Struct, frozen=True):
    """Functions of one file that will be one unit; `rank` sorts the gravest first."""

    path: str
    extents: tuple[Extent, ...]
    rank: tuple[int, int, int, str, int]

    def halves(self) -> tuple[Draft, ...]:
        """Two smaller drafts, none when there is only one function."""
        middle = len(self.extents) // 2
        parts = (self.extents[:middle], self.extents[middle:]) if middle else ()
        return tuple(msgspec.structs.replace(self, extents=part) for part in parts)


class Selection:
    """Chooses functions and builds units of them; the same code gives the same bytes, whatever else is reviewed."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._known = Known(material.project)
        self._files = Files(self._known, material.facts, material.lines)
        self._findings: dict[str, list[Finding]] = {}
        for finding in material.findings:
            self._findings.setdefault(finding.place.path, []).append(finding)

    def drafts(self) -> list[Draft]:
        """What could be asked about, the gravest first, and within one rank by path."""
        changed = self._material.changed
        paths = {*self._findings, *(changed or ())}
        if changed is None:
            paths |= set(self._known.serving)
        found = [draft for path in sorted(paths) for draft in self._drafts_of(path)]
        return sorted(found, key=lambda draft: draft.rank)

    def unit(self, draft: Draft) -> Unit:
        """One draft with its code, what it uses, and what is known of it; secrets hidden."""
        inside = {line for extent in draft.extents for line in self._lines_of(draft.path, extent)}
        findings = tuple(self._findings_in(draft.path, draft.extents))
        main = lines_beside(self._files, draft.path, draft.extents, inside)
        trails = [step.place for finding in findings for step in finding.trail]
        leads = [*trails, *leads_of(self._files, draft.path, draft.extents)]
        elsewhere = lines_elsewhere(self._files, draft.path, draft.extents, leads, main)
        redactor = Redactor(self._material.redact)
        sent: list[tuple[Line, str]] = []
        for path, numbers in ((draft.path, main), *elsewhere.items()):
            sent += self._sent(path, sorted(numbers), redactor)
        known = [*self._material.around(draft.path), *self._known.sentences(draft.path, inside)]
        return Unit(
            path=draft.path,
            scopes=tuple(Scope(extent.qualified, extent.first, extent.last) for extent in draft.extents),
            lines=tuple(line for line, _ in sent),
            facts=tuple(visible(redactor.text(said)) for said in known),
            findings=findings,
            claims=tuple(visible(redactor.text(_claim(finding))) for finding in findings),
            hidden=redactor.hidden,
            steering=tuple(Place(line.path, Span(line.number, 1, line.number, 1)) for line in steering(sent)),
            home=self._material.home,
        )

    def _drafts_of(self, path: str) -> Iterable[Draft]:
        group: list[Extent] = []
        size = 0
        for extent in self._chosen(path):
            letters = self._files.letters(path, extent)
            if group and size + letters > SOFT_LETTERS:
                yield self._draft(path, group)
                group, size = [], 0
            group.append(extent)
            size += letters
        if group:
            yield self._draft(path, group)

    def _draft(self, path: str, extents: list[Extent]) -> Draft:
        findings = list(self._findings_in(path, extents))
        gravest = max((SEVERITIES.index(finding.severity) + 1 for finding in findings), default=0)
        sites = sum(len(self._files.sites(path, extent)) for extent in extents)
        return Draft(path, tuple(extents), (-gravest, -len(findings), -sites, path, extents[0].first))

    def _chosen(self, path: str) -> list[Extent]:
        """The functions of a file that are worth a look, in order; findings outside of all have a few lines."""
        changed = self._material.changed
        lines = {finding.place.line for finding in self._findings.get(path, ())}
        lines |= (changed or {}).get(path, frozenset())
        chosen = {extent for line in lines if (extent := self._files.extent(path, line)) is not None}
        outside = [line for line in lines if self._files.extent(path, line) is None]
        if outside:
            chosen.add(Extent(0, "", max(1, min(outside) - 3), min(max(outside) + 6, min(outside) + LONG)))
        if changed is None:
            chosen |= {
                extent
                for extent in self._files.extents(path)
                if self._files.sites(path, extent) and self._known.serves(path, self._lines_of(path, extent))
            }
        return sorted(chosen, key=lambda extent: (extent.first, extent.index))

    def _findings_in(self, path: str, extents: Iterable[Extent]) -> Iterable[Finding]:
        chosen = list(extents)
        for finding in self._findings.get(path, ()):
            line = finding.place.line
            mine = self._files.extent(path, line)
            if mine in chosen or (mine is None and any(extent.holds(line) for extent in chosen)):
                yield finding

    def _lines_of(self, path: str, extent: Extent) -> set[int]:
        """The lines of a function; of a long one its head and, while there is room, its own nearest to what matters."""
        if self._files.letters(path, extent) <= SOFT_LETTERS:
            return set(range(extent.first, extent.last + 1))
        focus = {finding.place.line for finding in self._findings.get(path, ())}
        focus |= set((self._material.changed or {}).get(path, ()))
        own = {line for line in focus if self._files.extent(path, line) == extent}
        own = own or {site.place.line for site in self._files.sites(path, extent)} or {extent.first}
        mine = [line for line in range(extent.first, extent.last + 1) if self._files.extent(path, line) == extent]
        lines = self._material.lines(path)
        shown, room = set(mine[:6]), SOFT_LETTERS
        for number in sorted(mine, key=lambda one: min(abs(one - line) for line in own)):
            room -= len(lines[number - 1][:LONGEST_LINE]) + 9 if number <= len(lines) else 0
            if room < 0:
                break
            shown.add(number)
        return shown

    def _sent(self, path: str, numbers: list[int], redactor: Redactor) -> list[tuple[Line, str]]:
        lines = self._material.lines(path)
        added = (self._material.changed or {}).get(path, frozenset())
        present = [number for number in numbers if 0 < number <= len(lines)]
        texts = redactor.lines([lines[number - 1] for number in present])
        return [
            (Line(path, number, _short(visible(text)), number in added), text)
            for number, text in zip(present, texts, strict=True)
        ]


def _claim(finding: Finding) -> str:
    # The message often holds the reason of a policy, which need not be said twice.
    told = {name: text for name, text in finding.policy.items() if text.split(": ", 1)[-1] not in finding.message}
    policy = "; ".join(f"{name} {text}" for name, text in told.items())
    known = f" Known: {policy}." if policy else ""
    sure = f"confidence {finding.confidence}"
    return f"line {finding.place.line}, {finding.rule} ({finding.severity}, {sure}): {finding.message}.{known}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]} [... {len(text) - LONGEST_LINE} more]"
