"""A service that gives up before the one it waits for can."""

from __future__ import annotations

from collections.abc import Iterator

from ...nouns.findings import Hit
from ...nouns.journeys import Inversion
from ...nouns.settings import Scale
from ...nouns.source import Place
from ...nouns.system import System
from .ways import duration, hit_along


def check(system: System, _scale: Scale | None) -> Iterator[Hit]:
    """Calls whose limit is shorter than what the callee may wait for its own peer, attempts included.

    Once for each wait of a callee, with the caller of the shortest limit first: one longer limit less mends them all.
    """
    found: dict[tuple[str, Place], list[Inversion]] = {}
    for pair in system.judgement.inversions:
        if pair.inner.policy.worst is not None and pair.outer.policy.seconds is not None:
            found.setdefault((pair.outer.target, pair.inner.place), []).append(pair)
    for pairs in found.values():
        pairs.sort(key=lambda pair: (pair.outer.policy.seconds or 0.0, pair.outer.place))
        outer, inner = pairs[0].outer, pairs[0].inner
        attempts = inner.policy.attempts or 1
        shortest, longest = (duration(pairs[at].outer.policy.seconds or 0.0) for at in (0, -1))
        others = len({pair.outer.source for pair in pairs} - {outer.source})
        names = {
            "callers": f"`{outer.source}` and {others} more give" if others else f"`{outer.source}` gives",
            "callee": outer.target,
            "limit": shortest if shortest == longest else f"{shortest} to {longest}",
            "worst": duration(inner.policy.worst or 0.0),
            "peer": inner.target,
            "times": f" in {attempts} attempts" if attempts > 1 and not inner.policy.whole else "",
        }
        yield hit_along("deadline-inversion", system, (outer, inner), names)
