"""A pause between attempts that grows for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .grounds.wording import covered
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Retries without a bound whose pause is an exponent that nothing cuts down."""
    for retry in project.retries:
        if not retry.capped and retry.bounded != "yes":
            yield hit_on(
                "backoff-without-cap",
                retry.pause or retry.place,
                retry.function,
                project,
                subject=retry.name,
                names={"name": retry.name, "covers": covered(retry)},
                confidence=None if retry.bounded == "no" else "medium",
            )
