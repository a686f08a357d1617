"""A retry that hits the peer again at once, or at a constant beat."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.libraries import Effect
from ..nouns.project import Project, Retry
from ..nouns.settings import Confidence
from .grounds.conflicts import repeats_conflicts
from .grounds.edits import spaced
from .grounds.starting import starts_up
from .grounds.waits import is_watched, waits_for_peer
from .grounds.wording import covered
from .hits import hit_on

_HASTY = frozenset({"none", "fixed"})
"""Pauses between attempts that do not grow; the rule has a clause for each."""
_FEW = 3
"""Attempts up to which a pause that does not grow is long enough."""
_OF_OTHERS = frozenset({Effect.HTTP, Effect.RPC, Effect.CLOUD, Effect.STORAGE, Effect.MAIL})
"""Effects of calls to a service that many share."""
_TWICE = 2
"""Attempts up to which none is needed: the second follows at once on a connection that broke."""


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work without a growing delay."""
    for retry in project.retries:
        if waits_for_peer(retry) or repeats_conflicts(project, retry) or starts_up(project, retry.function):
            continue
        if retry.delay in _HASTY and (retry.covers or not retry.decorates):
            place = retry.pause if retry.delay == "fixed" and retry.pause is not None else retry.place
            yield hit_on(
                "retry-without-backoff",
                place,
                retry.function,
                project,
                subject=retry.name,
                confidence=_confidence(project, retry),
                names={"name": retry.name, "covers": covered(retry), "catches": ", ".join(retry.catches)},
                clauses={"because": retry.delay},
                edit=spaced(project, retry),
            )


def _confidence(project: Project, retry: Retry) -> Confidence | None:
    """Least where so few attempts need no longer pause, or whoever is asked bears it or is only waited for.

    Likewise where an operator chose the pause of a retry that ends.
    """
    waits = retry.joins or retry.rests or retry.begins_loop or (retry.unseen and retry.bounded != "yes")
    if _are_few(retry) or waits or _is_borne(retry) or is_watched(project, retry):
        return "low"
    if retry.tuned and retry.bounded == "yes":
        return "low"
    if retry.by_hand and not retry.covers:
        return "low" if retry.on == "unknown" or (retry.delay == "fixed" and _is_vague(retry)) else "medium"
    return None


def _is_vague(retry: Retry) -> bool:
    """Whether what nobody sees through is repeated after errors that say nothing of a peer."""
    return retry.on == "any" or (bool(retry.catches) and all(name.startswith("builtins.") for name in retry.catches))


def _are_few(retry: Retry) -> bool:
    """Whether so few attempts follow each other that the pauses between them, or their own time limits, will do."""
    timed = bool(retry.catches) and all("timeout" in name.rpartition(".")[2].lower() for name in retry.catches)
    return retry.attempts is not None and retry.attempts <= (_FEW if timed or retry.delay == "fixed" else _TWICE)


def _is_borne(retry: Retry) -> bool:
    """Whether a store of our own is asked a bounded number of times, or a task steps back into its queue."""
    effects = {effect for site in retry.covers for effect in site.effects}
    ours = bool(effects) and effects.isdisjoint(_OF_OTHERS) and retry.bounded == "yes"
    return retry.queued or ours
