"""Link and judge: what all checks claim of a program, remembered as long as nothing it was drawn from changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from ..checks import CHECKS, Check
from ..checks.installed import installed_check
from ..checks.matches import hits_of
from ..checks.systems import SYSTEM_CHECKS
from ..link import VersionRange, project_of
from ..load.cache import Cache
from ..load.codes import Codes
from ..load.memory import Memory, key_of
from ..load.versions import Versions
from ..nouns.facts import Silence
from ..nouns.findings import Fault, Gap, Hit
from ..nouns.products import Products
from ..nouns.project import Project
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Scale
from ..nouns.system import System
from ..triage.silence_rules import SILENCE_RULES
from .reading import Reading
from .stopwatch import Stopwatch


class Claims(msgspec.Struct, frozen=True):
    """Everything that triage and the report need of the linked program. `versions` are the look-ups that were made."""

    hits: tuple[Hit, ...]
    faults: tuple[Fault, ...]
    silences: dict[str, tuple[Silence, ...]]
    gaps: tuple[Gap, ...]
    parsed: int
    lines: int
    versions: tuple[tuple[str, str, VersionRange | None], ...] = ()
    system: System | None = None  # None: nobody asked for it, or there is none


class Kept(msgspec.Struct, frozen=True):
    """What earlier runs left for this one: the engine they were made by, what files say, and the last answers."""

    engine: str = ""
    cache: Cache | None = None
    memory: Memory | None = None
    codes: Codes | None = None


class Drawn(NamedTuple):
    """The claims, the program they were drawn from, if it is at hand, and why they were not kept."""

    claims: Claims
    project: Project | None = None
    notice: str = ""


class Surroundings(Protocol):
    """What turns the linked program into the system around it."""

    def state(self, known: Iterable[str]) -> Iterable[bytes]:
        """What identifies the files that are read for it, without those known otherwise."""

    def system(self, project: Project, products: Products) -> System:
        """The system, judged."""

    def covered(self, project: Project, system: System) -> Project:
        """The program with what stands between a call and its peer: the limits and breakers of meshes and gateways."""


def claims_of(
    reading: Reading,
    rulebook: Rulebook,
    versions: Versions,
    scale: Scale | None,
    kept: Kept,
    around: Surroundings | None = None,
    stopwatch: Stopwatch | None = None,
    *,
    program: bool = False,
) -> Drawn:
    """What the checks claim, with `around` those of the system too; with `program`, the linked program for certain."""
    known = _ranges(versions)
    key = b""
    # What an installed check would say today is not known from what it said.
    memory = kept.memory if not _of_users(rulebook) else None
    if memory is not None:
        beside = [b"system", *around.state(reading.paths())] if around is not None else []
        key = key_of([kept.engine.encode(), msgspec.msgpack.encode((rulebook, scale)), *reading.state(), *beside])
        remembered = memory.recall(key)
        claims = _decoded(remembered) if remembered is not None else None
        if claims is not None and all(known(package, path) == found for package, path, found in claims.versions):
            project = linked(reading, rulebook, versions, scale, system=around is not None) if program else None
            if project is not None and around is not None and claims.system is not None:
                project = around.covered(project, claims.system)
            return Drawn(claims, project)
    claims, project = _drawn(reading, rulebook, known, scale, around, stopwatch or Stopwatch())
    keeps = memory is not None and not claims.faults
    return Drawn(claims, project, memory.keep(key, msgspec.msgpack.encode(claims)) if memory and keeps else "")


def linked(
    reading: Reading, rulebook: Rulebook, versions: Versions, scale: Scale | None, *, system: bool = False
) -> Project:
    """The linked program itself, for those who ask about one call; with `system`, also whom its calls are made to."""
    project = project_of(reading, rulebook.libraries, "python", _ranges(versions), system=system)
    return replace(project, scale=scale)


def _decoded(data: bytes) -> Claims | None:
    try:
        return msgspec.msgpack.decode(data, type=Claims)
    except msgspec.DecodeError:
        return None


def _drawn(
    reading: Reading,
    rulebook: Rulebook,
    known: Callable[[str, str], VersionRange | None],
    scale: Scale | None,
    around: Surroundings | None,
    stopwatch: Stopwatch,
) -> tuple[Claims, Project]:
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


def _of_users(rulebook: Rulebook) -> list[str]:
    """The rules whose check can only be an installed one."""
    ours = {*CHECKS, *SYSTEM_CHECKS, *SILENCE_RULES}
    return [rule.id for rule in rulebook.rules.values() if not rule.match and rule.id not in ours]


def judged(project: Project, rulebook: Rulebook, stopwatch: Stopwatch | None = None) -> tuple[list[Hit], list[Fault]]:
    """What each check and each pattern claims; one that raises is named, and the others stand."""
    collected = _Collected(stopwatch or Stopwatch())
    patterns: dict[str, Check] = {rule.id: partial(hits_of, rule) for rule in rulebook.rules.values() if rule.match}
    installed = {name: installed_check(name) for name in _of_users(rulebook)}
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


def _ranges(versions: Versions) -> Callable[[str, str], VersionRange | None]:
    def known(package: str, path: str) -> VersionRange | None:
        found = versions.above(path).get(package.lower().replace("_", "-").replace(".", "-"))
        if found is None:
            return None
        if found.exact is not None:
            return VersionRange(found.exact, found.exact, upper_included=True)
        return VersionRange(found.lower, found.upper, upper_included=found.upper_included)

    return known
