"""What a change does to the map, for programs."""

from __future__ import annotations

import json
from typing import Any, TextIO

from ..nouns.findings import Introduced
from ..nouns.map_changes import EdgeChange, MapChange, Wait, WaitChange
from .map_json import policy_of

SCHEMA = "staff-review-map-change/1"


def render(introduced: Introduced, stream: TextIO) -> None:
    """Write one JSON object; the same change gives the same text."""
    head = {"schema": SCHEMA, "commit": introduced.commit, "since": introduced.since}
    stream.write(json.dumps({**head, **changes_of(introduced.map)}, indent=1) + "\n")


def changes_of(change: MapChange) -> dict[str, Any]:
    """The difference as plain data."""
    return {"edges": [_edge(one) for one in change.edges], "waits": [_wait_change(one) for one in change.waits]}


def _edge(edge: EdgeChange) -> dict[str, Any]:
    return {
        "what": "added" if edge.added else "removed" if edge.removed else "changed",
        "from": edge.source,
        "to": edge.target,
        "kind": edge.kind,
        "protocol": edge.protocol,
        "topics": list(edge.topics),
        "before": None if edge.before is None else [policy_of(one) for one in edge.before],
        "after": None if edge.after is None else [policy_of(one) for one in edge.after],
        "at": str(edge.place) if edge.place is not None else None,
    }


def _wait_change(wait: WaitChange) -> dict[str, Any]:
    return {
        "service": wait.service, "endpoint": wait.endpoint, "before": _wait(wait.before), "after": _wait(wait.after),
    }  # fmt: skip


def _wait(wait: Wait | None) -> dict[str, Any] | None:
    if wait is None:
        return None
    return {"state": wait.state, "seconds": wait.seconds, "per_item": wait.looped, "way": list(wait.way)}
