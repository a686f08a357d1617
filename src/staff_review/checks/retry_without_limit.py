"""A retry that never gives up."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project, Retry
from ..nouns.settings import Confidence, Severity
from .grounds.conflicts import repeats_conflicts
from .grounds.edits import bound
from .grounds.waits import may_mean_to_wait
from .grounds.wording import covered
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Retries of remote work with no bound on attempts or time."""
    for retry in project.retries:
        if retry.bounded == "no" and not retry.not_yet:
            yield hit_on(
                "retry-without-limit",
                retry.place,
                retry.function,
                project,
                subject=retry.name,
                severity=_severity(project, retry),
                confidence=_confidence(project, retry),
                names={"name": retry.name, "covers": covered(retry), "because": retry.unbounded_because},
                edit=bound(project, retry),
            )


def _confidence(project: Project, retry: Retry) -> Confidence | None:
    """Least where somebody may mean to wait for ever, others win the race each time, or nobody knows what is tried."""
    asks = retry.on == "unknown" and not retry.by_hand  # until the answer is as it should be
    if asks or retry.unseen or may_mean_to_wait(project, retry) or repeats_conflicts(project, retry):
        return "low"
    return None if retry.certain else "medium"


def _severity(project: Project, retry: Retry) -> Severity | None:
    """An error where a request, a message or a task waits for its end; elsewhere somebody may mean to wait for ever."""
    mild = retry.counted or repeats_conflicts(project, retry)
    return None if project.serves(retry.function) and not mild else "warning"
