"""All rows of a table loaded for one request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..nouns.burdens import Load
from ..nouns.findings import Hit
from ..nouns.project import Project
from .hits import hit_on

_SELECTS = re.compile(r"\s*select\b.*\bfrom\s+[\w.\"`]+", re.IGNORECASE | re.DOTALL)
_BOUNDED = re.compile(
    r"\b(where|limit|fetch\s+(first|next)|top|join|group\s+by|having|distinct|in|exists)\b"
    r"|\b(count|sum|min|max|avg|exists)\s*\(|information_schema|pg_|sqlite_|sys\.|%s|%\(|\{",
    re.IGNORECASE,
)


def check(project: Project) -> Iterator[Hit]:
    """Whole results on a path that serves requests, from queries that leave nothing out."""
    for load in project.burdens.loads:
        entry = project.serves(load.function)
        if entry is None or entry.kind != "request" or not _is_whole(load):
            continue
        yield hit_on(
            "unbounded-query",
            load.place,
            load.function,
            project,
            subject=load.call,
            names={"rows": f"`{load.rows_of}`" if load.rows_of else "the table"},
            trail=project.paths.get(load.function, ()),
        )


def _is_whole(load: Load) -> bool:
    if load.text:
        return _SELECTS.match(load.text) is not None and _BOUNDED.search(load.text) is None
    return load.whole
