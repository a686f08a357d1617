"""A statement whose text holds what somebody sent."""

from __future__ import annotations

from collections.abc import Iterator

from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on

_TOLD = ("request", "parameter")
"""Whose values are told, the worse first."""


def check(project: Project) -> Iterator[Hit]:
    """Statements with a value of a request, or with a text that callers pass, where a value stands."""
    for query in project.exposures.queries:
        hole = next((hole for origin in _TOLD for hole in query.holes if hole.origin == origin), None)
        if hole is not None:
            sent = hole.origin == "request"
            yield hit_on(
                "query-by-concatenation",
                query.place,
                query.function,
                project,
                subject=query.call,
                names={"value": hole.text},
                clauses={"because": hole.origin},
                trail=project.paths.get(query.function, ()),
                severity=None if sent else "warning",
                confidence=None if sent else "medium",
            )
