"""Durations as gateways and meshes write them."""

from __future__ import annotations

import re

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|us|s|m|h|d)?")
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0, "": 1.0}


def seconds_of(text: str) -> float | None:
    """Seconds of ``30s``, ``500ms``, ``1m30s``, or a bare number of seconds; None where it says no time."""
    parts = _PART.findall(text.strip())
    if not parts or _PART.sub("", text).strip():
        return None
    return float(sum(float(number) * _SECONDS[unit] for number, unit in parts))
