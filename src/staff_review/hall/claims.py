"""Link and judge: what all checks claim of a program, remembered as long as nothing it was drawn from changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import msgspec

from ..link.knowledge.versions import VersionRange
from ..load.memory import key_of
from ..load.versions import Versions
from ..nouns.facts import Silence
from ..nouns.findings import Fault, Gap, Hit
from ..nouns.products import Products
from ..nouns.project import Project
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Scale
from ..nouns.system import System
from .keeping import Kept
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
    known = ranges_of(versions)
    key = b""
    memory = kept.memory
    if memory is not None:
        beside = [b"system", *around.state(reading.paths())] if around is not None else []
        key = key_of([kept.engine.encode(), msgspec.msgpack.encode((rulebook, scale)), *reading.state(), *beside])
        remembered = memory.recall(key)
        claims = _decoded(remembered) if remembered is not None else None
        if claims is not None and all(known(package, path) == found for package, path, found in claims.versions):
            return Drawn(claims, _again(reading, rulebook, versions, scale, around, claims) if program else None)
    # Linking and checks are two hundred modules: a run that has its answer need not load them.
    from .judging import drawn, of_users

    claims, project = drawn(reading, rulebook, known, scale, around, stopwatch or Stopwatch())
    # What an installed check would say next time is not known from what it said.
    keeps = memory is not None and not claims.faults and not of_users(rulebook)
    return Drawn(claims, project, memory.keep(key, msgspec.msgpack.encode(claims)) if memory and keeps else "")


def _again(
    reading: Reading,
    rulebook: Rulebook,
    versions: Versions,
    scale: Scale | None,
    around: Surroundings | None,
    claims: Claims,
) -> Project:
    """The program that remembered claims were drawn from."""
    from .judging import linked  # for the reason given above

    project = linked(reading, rulebook, versions, scale, system=around is not None)
    return around.covered(project, claims.system) if around is not None and claims.system is not None else project


def _decoded(data: bytes) -> Claims | None:
    try:
        return msgspec.msgpack.decode(data, type=Claims)
    except msgspec.DecodeError:
        return None


def ranges_of(versions: Versions) -> Callable[[str, str], VersionRange | None]:
    """What is known of the version of a package that a file uses."""

    def known(package: str, path: str) -> VersionRange | None:
        found = versions.above(path).get(package.lower().replace("_", "-").replace(".", "-"))
        if found is None:
            return None
        if found.exact is not None:
            return VersionRange(found.exact, found.exact, upper_included=True)
        return VersionRange(found.lower, found.upper, upper_included=found.upper_included)

    return known
