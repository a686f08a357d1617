"""A service that imports the inside of another."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit, Step
from ...nouns.settings import Scale
from ...nouns.source import Place, Span
from ...nouns.system import System

_TOP = Span(1, 1, 1, 1)


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """The first import of one service's files by another's, for each pair of services and importing file."""
    told: set[tuple[str, str]] = set()
    for one in system.judgement.borrowings:
        if (one.path, one.owner) in told:
            continue
        told.add((one.path, one.owner))
        yield Hit(
            rule="code-shared-between-services",
            place=Place(one.path, _TOP),
            names={"service": one.service, "owner": one.owner, "imported": one.imported},
            trail=(Step(Place(one.imported, _TOP), f"belongs to `{one.owner}`"),),
            scope=one.service,
            subject=f"{one.owner} {one.imported.rpartition('/')[2]}",
        )
