"""A service that gives up before the one it waits for can."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.settings import Scale
from ...nouns.system import System
from .ways import duration, hit_along


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Calls whose limit is shorter than what the callee may wait for its own peer, attempts included."""
    for pair in system.judgement.inversions:
        outer, inner = pair.outer, pair.inner
        worst = inner.policy.worst
        if worst is None or outer.policy.seconds is None:
            continue
        attempts = inner.policy.attempts or 1
        names = {
            "caller": outer.source,
            "callee": outer.target,
            "limit": duration(outer.policy.seconds),
            "worst": duration(worst),
            "peer": inner.target,
            "times": f" in {attempts} attempts" if attempts > 1 and not inner.policy.whole else "",
        }
        yield hit_along("deadline-inversion", system, (outer, inner), names)
