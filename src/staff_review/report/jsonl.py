"""The JSON contract one object a line, for pipes: `kind` says what it is; a summary ends it, or it was cut off."""

from __future__ import annotations

import json
from typing import Any, TextIO

from . import Report
from .as_json import document_of

SCHEMA = "staff-review-lines/1"
_KINDS = {"finding": "findings", "silenced": "silenced", "comment": "comments", "verdict": "verdicts", "gap": "gaps"}


def render(report: Report, stream: TextIO) -> None:
    """Write a line for each finding, silenced finding, remark of a persona and gap; the summary is the last line."""
    document = document_of(report)
    _line(stream, {"kind": "start", "schema": SCHEMA, "version": report.version})
    for kind, key in _KINDS.items():
        for entry in document[key]:
            _line(stream, {"kind": kind, **entry})
    if document["change"]:
        _line(stream, {"kind": "change", **document["change"]})
    if document["architecture"]:
        _line(stream, {"kind": "architecture", **document["architecture"]})
    _line(stream, {"kind": "summary", **document["summary"]})


def _line(stream: TextIO, entry: dict[str, Any]) -> None:
    stream.write(json.dumps(entry, separators=(",", ":")) + "\n")
