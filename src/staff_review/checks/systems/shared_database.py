"""A database that services with code of their own have in common."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit, Step
from ...nouns.journeys import Shared
from ...nouns.settings import Scale
from ...nouns.source import Place
from ...nouns.system import System
from .ways import listed


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Databases that services of several code bases write; a note where one writes and others read."""
    folders = {one.name: one.path for one in system.services}
    for shared in system.judgement.shared:
        services = [name for name in shared.services if name in folders]
        writers = [name for name in shared.writers if name in folders]
        if not writers or not _apart([folders[name] for name in services]):
            continue
        several = _apart([folders[name] for name in writers])
        places = _places(system, shared, writers)
        first = next(iter(places.values()))
        tables = f"the {'table' if len(shared.tables) == 1 else 'tables'} {listed(shared.tables)}"
        yield Hit(
            rule="shared-database",
            place=first,
            names={
                "store": shared.store,
                "services": listed(services),
                "writers": f"{listed(writers)} {'writes' if len(writers) == 1 else 'write'}",
                "what": f"{tables} of `{shared.store}`" if shared.tables else f"the database `{shared.store}`",
            },
            trail=tuple(Step(place, f"`{name}` uses `{shared.store}`") for name, place in places.items()),
            scope=shared.store,
            subject=",".join(services),
            severity=None if several else "note",
            confidence=None if shared.certain else "low",
        )


def _places(system: System, shared: Shared, writers: list[str]) -> dict[str, Place]:
    """Where each service uses what is shared, writers and what they write first."""
    found: dict[str, Place] = {}
    edges = [edge for edge in system.edges if edge.target == shared.store and edge.kind == "store"]
    wanted = frozenset(shared.tables)
    for strict in (True, False):
        for name in (*writers, *shared.services):
            calls = [call for edge in edges if edge.source == name for call in edge.calls]
            near = [call for call in calls if call.writes and (not wanted or wanted & {*call.tables})]
            places = [call.place for call in (near if strict else calls)]
            if places:
                found.setdefault(name, min(places))
    return found or dict(zip(shared.services, shared.places, strict=False))


def _apart(paths: list[str]) -> bool:
    """Whether two of some folders have nothing to do with each other; processes of one code base share by right."""
    return any(
        one and other and not f"{one}/".startswith(f"{other}/") and not f"{other}/".startswith(f"{one}/")
        for one in paths
        for other in paths
    )
