"""Rules for programs: the same words as on the screens, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

import msgspec

from ..nouns.rulebook import Rule

SCHEMA = "staff-review-rules/1"


def render(rules: Iterable[Rule], stream: TextIO) -> None:
    """Write one JSON object with the rules in the order given."""
    document: dict[str, Any] = {"schema": SCHEMA, "rules": [msgspec.to_builtins(rule) for rule in rules]}
    stream.write(json.dumps(document, indent=2) + "\n")
