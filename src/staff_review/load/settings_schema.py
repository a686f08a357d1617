"""The JSON Schema of a settings file, from the types that read it."""

from __future__ import annotations

from typing import Any

import msgspec

from ..nouns.settings import Settings
from .settings import SettingsFile

_SAID = {
    "select": "Only these rules or families speak; naming a preview or opinion rule switches it on.",
    "ignore": "Rules or families that are silent; in inner folders this adds up.",
    "exclude": "What is not read: git's patterns, from the folder of this file; in inner folders this adds up.",
    "fail-on": "Findings from this severity on end a run with exit code 1. Holds for the whole run.",
    "minimum-confidence": "Findings below this confidence are counted and not shown.",
    "preview": "Also rules not yet shown to be right often enough.",
    "opinions": "Also rules whose advice is contested.",
    "include-tests": "Also judge test code, examples and docs, one step milder. Holds for the whole run.",
    "system": "Also judge the services together; default: where deployment files name two with code.",
    "baseline": "The file of findings accepted before, from the folder of this file; empty for none.",
    "catalog": "Files that tell what your own libraries do and products are; patterns from the folder of this file.",
    "rules": "Files of your own rules; patterns from the folder of this file.",
    "max-file-bytes": "Larger files are not read. Holds for the whole run.",
    "fix-timeout": "The time limit that a fix writes: a number and its unit, `5s`, `250ms` or `1m`.",
    "severity": "The weight of a rule, in place of its own.",
    "per-path": "Rules that are silent below paths: git's patterns, from the folder of this file.",
    "scale": "How big the service is meant to be; rules weigh by it.",
}
_DEFAULTS = {"baseline": "staff-review-baseline.toml"}
_MORE: dict[str, dict[str, Any]] = {
    "fix-timeout": {"pattern": r"^\s*[0-9]+(\.[0-9]+)?(ms|s|m|h)\s*$"},
    "max-file-bytes": {"exclusiveMinimum": 0},
}


def schema_of() -> dict[str, Any]:
    """The schema, for editors and for tests."""
    _, parts = msgspec.json.schema_components([SettingsFile], ref_template="#/$defs/{name}")
    own = parts.pop(SettingsFile.__name__)
    defaults = msgspec.structs.asdict(Settings())
    for name, described in own["properties"].items():
        field = name.replace("-", "_")
        if name in _DEFAULTS or defaults.get(field) not in (None, (), {}, ""):
            described["default"] = _DEFAULTS.get(name, defaults.get(field))
        elif described.get("default") is None:
            described.pop("default", None)
        described |= {"description": _SAID[name], **_MORE.get(name, {})}
    for part in parts.values():
        part.pop("title", None)
    for described in parts["Scale"]["properties"].values():
        described["exclusiveMinimum"] = 0
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "staff-review-settings-1.json",
        **own,
        "title": "Settings of staff-review",
        "description": "`staff-review.toml`, and the table `[tool.staff-review]` of `pyproject.toml`.",
        "$defs": parts,
    }
