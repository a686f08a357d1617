"""A token of the service itself, or an issuer's keys, fetched for each request."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on


def check(project: Project) -> Iterator[Hit]:
    """Fetches on the path of a request or message whose answer nobody keeps."""
    for fetch in project.signals.token_fetches:
        entry = project.serves(fetch.function)
        if entry is not None:
            yield hit_on(
                "token-fetched-per-call",
                fetch.place,
                fetch.function,
                project,
                subject=fetch.call,
                names={},
                clauses={"what": fetch.what},
                trail=project.paths.get(fetch.function, ()),
            )
