"""Link and judge: what all checks claim of a program; loaded by whoever has no answer from an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from msgspec.structs import replace

from ..checks import CHECKS, Check
from ..checks.installed import installed_check
from ..checks.matches import hits_of
from ..checks.systems import SYSTEM_CHECKS
from ..link.knowledge.versions import VersionRange
from ..link.linking import project_of
from ..load.versions import Versions
from ..nouns.findings import Fault, Gap, Hit
from ..nouns.project import Project
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Scale
from ..nouns.system import System
from ..triage.silence_rules import SILENCE_RULES
from .claims import Claims, Surroundings, ranges_of
from .reading import Reading
from .stopwatch import Stopwatch


def linked(
    reading: Reading, rulebook: Rulebook, versions: Versions, scale: Scale | None, *, system: bool = False
) -> Project:
    """The linked program itself, for those who ask about one call; with `system`, also whom its calls are made to."""
    project = project_of(reading, rulebook.libraries, "python", ranges_of(versions), system=system)
    return replace(project, scale=scale)


def drawn(
    reading: Reading,
    rulebook: Rulebook,
    known: Callable[[str, str], VersionRange | None],
    scale: Scale | None,
    around: Surroundings | None,
    stopwatch: Stopwatch,
) -> tuple[Claims, Project]:
    """The claims, and the program that they are drawn from."""
    asked: dict[tuple[str, str], VersionRange | None] = {}

    def noted(package: str, path: str) -> VersionRange | None:
        asked[(package, path)] = known(package, path)
        return asked[(package, path)]

    with stopwatch.phase("linking"):
        program = project_of(reading, rulebook.libraries, "python", noted, system=around is not None)
        project = replace(program, scale=scale)
    system = None
    if around is not None:
        with stopwatch.phase("services"):
            system = around.system(project, rulebook.products)
            project = around.covered(project, system)
    with stopwatch.phase("checks"):
        hits, faults = judged(project, rulebook, stopwatch)
    if system is not None:
        with stopwatch.phase("checks"):
            more, broken = judged_together(system, scale, stopwatch)
        hits, faults = [*hits, *more], [*faults, *broken]
    opened = list(reading.opened())
    claims = Claims(
        hits=tuple(hits),
        faults=tuple(faults),
        silences={facts.path: facts.silences for facts in opened if facts.silences},
        gaps=(
            *(Gap(facts.path, one.line, one.reason) for facts in opened for one in facts.unread),
            *(system.gaps if system is not None else ()),
        ),
        parsed=reading.parsed,
        lines=sum(facts.lines for facts in opened),
        versions=tuple(
            (package, path, found) for (package, path), found in sorted(asked.items(), key=lambda one: one[0])
        ),
        system=system if system is not None and system.services else None,
    )
    return claims, project


def of_users(rulebook: Rulebook) -> list[str]:
    """The rules whose check can only be an installed one."""
    ours = {*CHECKS, *SYSTEM_CHECKS, *SILENCE_RULES}
    return [rule.id for rule in rulebook.rules.values() if not rule.match and rule.id not in ours]


def judged(project: Project, rulebook: Rulebook, stopwatch: Stopwatch | None = None) -> tuple[list[Hit], list[Fault]]:
    """What each check and each pattern claims; one that raises is named, and the others stand."""
    collected = _Collected(stopwatch or Stopwatch())
    patterns: dict[str, Check] = {rule.id: partial(hits_of, rule) for rule in rulebook.rules.values() if rule.match}
    installed = {name: installed_check(name) for name in of_users(rulebook)}
    for rule, check in sorted({**patterns, **installed, **CHECKS}.items()):
        collected.add(rule, partial(check, project))
    return collected.hits, collected.faults


def judged_together(
    system: System, scale: Scale | None, stopwatch: Stopwatch | None = None
) -> tuple[list[Hit], list[Fault]]:
    """What each check of the whole system claims; one that raises is named, and the others stand."""
    collected = _Collected(stopwatch or Stopwatch())
    for rule, check in sorted(SYSTEM_CHECKS.items()):
        collected.add(rule, partial(check, system, scale))
    return collected.hits, collected.faults


class _Collected:
    """What checks claimed, and which of them failed."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self.hits: list[Hit] = []
        self.faults: list[Fault] = []

    def add(self, rule: str, check: Callable[[], Iterable[Hit]]) -> None:
        with self._stopwatch.rule(rule):
            try:
                self.hits.extend(check())
            except Exception as error:  # noqa: BLE001 - any fault of one check must leave the others standing
                self.faults.append(Fault(rule, f"{type(error).__name__}: {error}"))
