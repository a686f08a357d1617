"""A service that most requests cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System

_SMALL = 4  # services; in a smaller system each is needed by nature


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Services of the user's own that most entry points need, with no fallback on the way."""
    if len([one for one in system.services if not one.side and one.role == "service"]) < _SMALL:
        return
    for keystone in system.judgement.keystones:
        service = system.service(keystone.name)
        if service is None or service.place is None or service.role == "gateway" or service.side:
            continue
        yield Hit(
            rule="single-point-of-failure",
            place=service.place,
            names={
                "service": keystone.name,
                "needed": str(len(keystone.needed_by)),
                "of": str(keystone.of),
                "example": keystone.needed_by[0],
            },
            scope=keystone.name,
            subject=keystone.name,
            # Without endpoints it is known who talks to whom, and not on which requests.
            confidence=None if all(" " in entry for entry in keystone.needed_by) else "low",
        )
