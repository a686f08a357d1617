"""What one endpoint does, for programs."""

from __future__ import annotations

import json
from typing import Any, TextIO

from ..nouns.sequences import Message, Sequence
from .map_json import policy_of

SCHEMA = "staff-review-sequence/1"


def render(sequence: Sequence, stream: TextIO) -> None:
    """Write one JSON object; each step holds those that follow from it."""
    document = {
        "schema": SCHEMA,
        "service": sequence.service,
        "endpoint": sequence.endpoint,
        "at": str(sequence.place),
        "steps": [_step(one) for one in sequence.steps],
        "cut": sequence.cut,
    }
    stream.write(json.dumps(document, indent=1) + "\n")


def _step(one: Message) -> dict[str, Any]:
    return {
        "from": one.source,
        "to": one.target,
        "kind": one.kind,
        "protocol": one.protocol,
        "operation": one.operation or None,
        "verb": one.verb or None,
        "path": one.path or None,
        "topics": list(one.topics),
        "tables": list(one.tables),
        "endpoint": one.endpoint or None,
        "policy": policy_of(one.policy),
        "loop": one.looped,
        "awaited": one.awaited,
        "taken": one.taken,
        "fallback": one.fallback,
        "because": one.because or None,
        "again": one.again,
        "at": str(one.place),
        "steps": [_step(step) for step in one.steps],
    }
