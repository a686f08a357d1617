"""A failed remote call is logged, and what failed is not in the log."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from ..nouns.signals import ErrorLog
from .grounds.edits import with_stack
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Handlers of many failures at once whose log holds neither the error nor its stack, and that do not raise."""
    for log in project.signals.error_logs:
        if log.stack or log.names_error or log.raises or not _is_broad(log, project):
            continue
        shown = ", ".join(name.rpartition(".")[2] for name in log.catches) or "every error"
        yield hit_on(
            "error-logged-without-trace",
            log.place,
            log.function,
            project,
            subject=log.call,
            names={"tried": log.tried, "catches": shown},
            edit=with_stack(log.place, log.call),
        )


def _is_broad(log: ErrorLog, project: Project) -> bool:
    return not log.catches or any(project.errors.get(name) in ("everything", "failure") for name in log.catches)
