"""What a persona is shown: the functions that a change or a finding touches, then those that serve requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ..facts import Attribute, Binding, Expr, FileFacts, Name
from ..findings import Finding
from ..project import Project, Site
from ..settings import SEVERITIES
from ..source import Place, Span
from .extents import LONG, Extent, extent_at, extents_of
from .hostile import steering, visible
from .known import Known
from .redact import Redactor
from .units import Line, Scope, Unit

MOST_UNITS = 40
SOFT_LETTERS = 18_000
"""About 6,000 tokens: reviews get worse as what is shown grows, so a unit is no larger unless one function is."""
_LONGEST_LINE = 300
_AROUND = 40
_MOST_WINDOWS = 4
_MOST_ELSEWHERE = 60
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


class Material(NamedTuple):
    """What the static half hands over. `changed` are the lines that a change brought, None when all is reviewed.

    `home` is the folder that paths in fingerprints are from.
    """

    findings: Sequence[Finding]
    project: Project
    facts: Callable[[str], FileFacts | None]
    lines: Callable[[str], Sequence[str]]
    changed: Mapping[str, frozenset[int]] | None = None
    redact: tuple[str, ...] = ()
    home: str = ""


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
        self._extents: dict[str, tuple[Extent, ...]] = {}
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
        main = self._wanted_lines(draft, inside)
        elsewhere = self._elsewhere(draft, main)
        redactor = Redactor(self._material.redact)
        sent: list[tuple[Line, str]] = []
        for path, numbers in ((draft.path, main), *elsewhere.items()):
            sent += self._sent(path, sorted(numbers), redactor)
        findings = tuple(self._findings_in(draft.path, draft.extents))
        return Unit(
            path=draft.path,
            scopes=tuple(Scope(extent.qualified, extent.first, extent.last) for extent in draft.extents),
            lines=tuple(line for line, _ in sent),
            facts=tuple(visible(redactor.text(said)) for said in self._known.sentences(draft.path, inside)),
            findings=findings,
            claims=tuple(visible(redactor.text(_claim(finding))) for finding in findings),
            hidden=redactor.hidden,
            steering=tuple(Place(line.path, Span(line.number, 1, line.number, 1)) for line in steering(sent)),
            home=self._material.home,
        )

    def _drafts_of(self, path: str) -> Iterable[Draft]:
        extents = self._chosen(path)
        lines = self._material.lines(path)
        group: list[Extent] = []
        size = 0
        for extent in extents:
            letters = sum(min(len(line), _LONGEST_LINE) + 9 for line in lines[extent.first - 1 : extent.last])
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
        sites = sum(len(self._sites(path, extent)) for extent in extents)
        return Draft(path, tuple(extents), (-gravest, -len(findings), -sites, path, extents[0].first))

    def _chosen(self, path: str) -> list[Extent]:
        """The functions of a file that are worth a look, in order; findings outside of all have a few lines."""
        changed = self._material.changed
        lines = {finding.place.line for finding in self._findings.get(path, ())}
        lines |= (changed or {}).get(path, frozenset())
        all_extents = self._extents_of(path)
        chosen = {extent for line in lines if (extent := extent_at(all_extents, line)) is not None}
        outside = [line for line in lines if extent_at(all_extents, line) is None]
        if outside:
            chosen.add(Extent(0, "", max(1, min(outside) - 3), min(max(outside) + 6, min(outside) + LONG)))
        if changed is None:
            chosen |= {
                extent
                for extent in all_extents
                if self._sites(path, extent) and self._known.serves(path, self._lines_of(path, extent))
            }
        return sorted(chosen, key=lambda extent: (extent.first, extent.index))

    def _findings_in(self, path: str, extents: Iterable[Extent]) -> Iterable[Finding]:
        chosen = list(extents)
        for finding in self._findings.get(path, ()):
            line = finding.place.line
            mine = extent_at(self._extents_of(path), line)
            if mine in chosen or (mine is None and any(extent.holds(line) for extent in chosen)):
                yield finding

    def _wanted_lines(self, draft: Draft, inside: set[int]) -> set[int]:
        """The functions themselves, and what they name of their file: imports, module's values, fields, helpers."""
        facts = self._facts(draft.path)
        wanted = set(inside)
        if facts is None:
            return wanted
        lines = self._material.lines(draft.path)
        names = {name for number in inside for name in _IDENTIFIER.findall(_at(lines, number)[:_LONGEST_LINE])}
        wanted |= {
            one.line
            for one in facts.imports
            if facts.blocks[one.block].function == 0 and (one.alias or one.module.partition(".")[0]) in names
        }
        classes = {extent.cls for extent in draft.extents if extent.cls >= 0}
        wanted |= {facts.classes[cls].span.line for cls in classes}
        for binding in facts.bindings:
            if _binds_one_of(binding, names, classes, facts):
                wanted |= set(range(binding.span.line, min(binding.span.end_line, binding.span.line + 12) + 1))
        for extent in self._extents_of(draft.path):
            sites = self._sites(draft.path, extent)
            if sites and extent.first not in inside and extent.qualified.rpartition(".")[2] in names:
                wanted |= {extent.first, facts.functions[extent.index].span.line}
                wanted |= {site.place.line for site in sites}
        return wanted

    def _sites(self, path: str, extent: Extent) -> list[Site]:
        """The calls of a function that belong to no smaller one."""
        extents = self._extents_of(path)
        return [site for site in self._known.sites(path) if extent_at(extents, site.place.line) == extent]

    def _lines_of(self, path: str, extent: Extent) -> set[int]:
        """The lines of a function; of a long one its head and what is around the lines that matter."""
        if extent.last - extent.first < LONG:
            return set(range(extent.first, extent.last + 1))
        extents = self._extents_of(path)
        focus = {finding.place.line for finding in self._findings.get(path, ())}
        focus |= set((self._material.changed or {}).get(path, ()))
        own = {line for line in focus if extent_at(extents, line) == extent}
        own = own or {site.place.line for site in self._sites(path, extent)[:_MOST_WINDOWS]}
        near = {number for line in own for number in range(line - _AROUND, line + _AROUND + 1)}
        whole = set(range(extent.first, min(extent.first + 5, extent.last) + 1))
        return whole | {number for number in near if extent.holds(number)}

    def _elsewhere(self, draft: Draft, main: set[int]) -> dict[str, set[int]]:
        """Lines elsewhere that the trails and limits lead to, each with its function's first line."""
        found: dict[str, set[int]] = {}
        room = _MOST_ELSEWHERE
        for place in dict.fromkeys(self._leads(draft)):
            if room <= 0:
                break
            extent = extent_at(self._extents_of(place.path), place.line)
            numbers = {place.line, place.line + 1} | ({extent.first} if extent is not None else set())
            known = main if place.path == draft.path else found.setdefault(place.path, set())
            room -= len(numbers - known)
            known |= numbers
        return {path: numbers for path, numbers in found.items() if numbers}

    def _leads(self, draft: Draft) -> Iterable[Place]:
        for finding in self._findings_in(draft.path, draft.extents):
            yield from (step.place for step in finding.trail)
        for extent in draft.extents:
            for site in self._sites(draft.path, extent):
                if site.limit is not None and site.limit.set_at is not None:
                    yield site.limit.set_at
                for effect in sorted(site.ways):
                    yield from (step.place for step in site.ways[effect].trail)

    def _sent(self, path: str, numbers: list[int], redactor: Redactor) -> list[tuple[Line, str]]:
        lines = self._material.lines(path)
        added = (self._material.changed or {}).get(path, frozenset())
        present = [number for number in numbers if 0 < number <= len(lines)]
        texts = redactor.lines([lines[number - 1] for number in present])
        return [
            (Line(path, number, _short(visible(text)), number in added), text)
            for number, text in zip(present, texts, strict=True)
        ]

    def _facts(self, path: str) -> FileFacts | None:
        return self._material.facts(path)

    def _extents_of(self, path: str) -> tuple[Extent, ...]:
        if path not in self._extents:
            facts = self._facts(path)
            self._extents[path] = extents_of(facts) if facts is not None else ()
        return self._extents[path]


def _binds_one_of(binding: Binding, names: set[str], classes: set[int], facts: FileFacts) -> bool:
    """Whether a binding gives one of these names a value: at the top of the module, or as a field of these classes."""
    target: Expr = binding.target
    if isinstance(target, Name):
        return facts.blocks[binding.block].function == 0 and target.id in names
    if isinstance(target, Attribute) and isinstance(target.of, Name) and target.name in names:
        return facts.functions[facts.blocks[binding.block].function].cls in classes
    return False


def _claim(finding: Finding) -> str:
    # The message often holds the reason of a policy, which need not be said twice.
    told = {name: text for name, text in finding.policy.items() if text.split(": ", 1)[-1] not in finding.message}
    policy = "; ".join(f"{name} {text}" for name, text in told.items())
    known = f" Known: {policy}." if policy else ""
    sure = f"confidence {finding.confidence}"
    return f"line {finding.place.line}, {finding.rule} ({finding.severity}, {sure}): {finding.message}.{known}"


def _at(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]} [... {len(text) - _LONGEST_LINE} more]"
