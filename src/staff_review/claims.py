"""Link and judge: what all checks claim of a program, remembered as long as nothing it was drawn from changes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from .checks import CHECKS
from .facts import Silence
from .findings import Fault, Gap, Hit
from .link import VersionRange, project_of
from .load.memory import Memory, key_of
from .load.versions import Versions
from .project import Project
from .reading import Reading
from .rulebook import Rulebook


class Claims(msgspec.Struct, frozen=True):
    """Everything that triage and the report need of the linked program. `versions` are the look-ups that were made."""

    hits: tuple[Hit, ...]
    faults: tuple[Fault, ...]
    silences: dict[str, tuple[Silence, ...]]
    gaps: tuple[Gap, ...]
    parsed: int
    lines: int
    versions: tuple[tuple[str, str, VersionRange | None], ...] = ()


def claims_of(
    reading: Reading, rulebook: Rulebook, versions: Versions, memory: Memory | None, engine: str
) -> tuple[Claims, str]:
    """What the checks claim, and a notice if it could not be kept for the next time."""
    known = _ranges(versions)
    key = b""
    if memory is not None:
        key = key_of([engine.encode(), msgspec.msgpack.encode(rulebook), *reading.state()])
        kept = memory.recall(key)
        claims = _decoded(kept) if kept is not None else None
        if claims is not None and all(known(package, path) == found for package, path, found in claims.versions):
            return claims, ""
    claims = _drawn(reading, rulebook, known)
    return claims, memory.keep(key, msgspec.msgpack.encode(claims)) if memory is not None and not claims.faults else ""


def linked(reading: Reading, rulebook: Rulebook, versions: Versions) -> Project:
    """The linked program itself, for those who ask about one call."""
    return project_of(reading, rulebook.libraries, "python", _ranges(versions))


def _decoded(data: bytes) -> Claims | None:
    try:
        return msgspec.msgpack.decode(data, type=Claims)
    except msgspec.DecodeError:
        return None


def _drawn(reading: Reading, rulebook: Rulebook, known: Callable[[str, str], VersionRange | None]) -> Claims:
    asked: dict[tuple[str, str], VersionRange | None] = {}

    def noted(package: str, path: str) -> VersionRange | None:
        asked[(package, path)] = known(package, path)
        return asked[(package, path)]

    project = project_of(reading, rulebook.libraries, "python", noted)
    hits, faults = judged(project)
    opened = list(reading.opened())
    return Claims(
        hits=tuple(hits),
        faults=tuple(faults),
        silences={facts.path: facts.silences for facts in opened if facts.silences},
        gaps=tuple(Gap(facts.path, one.line, one.reason) for facts in opened for one in facts.unread),
        parsed=reading.parsed,
        lines=sum(facts.lines for facts in opened),
        versions=tuple(
            (package, path, found) for (package, path), found in sorted(asked.items(), key=lambda one: one[0])
        ),
    )


def judged(project: Project) -> tuple[list[Hit], list[Fault]]:
    """What each check claims; one that raises is named, and the others stand."""
    hits: list[Hit] = []
    faults: list[Fault] = []
    for rule, check in sorted(CHECKS.items()):
        try:
            hits.extend(check(project))
        except Exception as error:  # noqa: BLE001 - any fault of one check must leave the others standing
            faults.append(Fault(rule, f"{type(error).__name__}: {error}"))
    return hits, faults


def _ranges(versions: Versions) -> Callable[[str, str], VersionRange | None]:
    def known(package: str, path: str) -> VersionRange | None:
        found = versions.above(path).get(package.lower().replace("_", "-").replace(".", "-"))
        if found is None:
            return None
        if found.exact is not None:
            return VersionRange(found.exact, found.exact, upper_included=True)
        return VersionRange(found.lower, found.upper, upper_included=found.upper_included)

    return known
