"""A call that somebody waits for and whose answer nobody uses."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import hit_along


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Requests between services that only tell something."""
    for leg in system.judgement.notifications:
        names = {
            "caller": leg.source,
            "callee": leg.target,
            "endpoint": f" for `{leg.endpoint}`" if leg.endpoint else "",
        }
        # Of a remote procedure, that no error is raised is an answer too.
        yield hit_along(
            "sync-notification", system, (leg,), names, confidence=None if leg.protocol == "http" else "low"
        )
