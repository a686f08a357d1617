"""Limits as numbers of seconds: what a file writes, what a signature states, what holds for a version."""

from __future__ import annotations

import datetime

import installed
from packaging.version import Version

from staff_review.nouns.acts import Constant, Since

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def in_use(default: Constant | tuple[Since, ...], package: str | None) -> Constant:
    """The default of the installed version; the newest where there is no version."""
    if not isinstance(default, tuple):
        return default
    now = Version((installed.version(package) if package else None) or "999")
    below = sorted((one for one in default if one.below is not None), key=lambda one: Version(one.below or "0"))
    later = next(one for one in default if one.below is None)
    return next((one.value for one in below if now < Version(one.below or "0")), later.value)


def seconds(text: str) -> float | None:
    """A written duration in seconds, None for "none"; raises ValueError for what is no duration."""
    if text == "none":
        return None
    for unit in sorted(SECONDS, key=len, reverse=True):
        if text.endswith(unit):
            return float(text[: -len(unit)]) * SECONDS[unit]
    raise ValueError(f"`{text}` is no duration: write 5s, 250ms, 2m or none")


def number(value: object, unit: float = 1.0) -> float | None:
    """A value as a number of seconds: a plain number in its unit, a timedelta, or an object that holds a limit."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value * unit
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    for part in ("total", "read"):
        held = getattr(value, part, None)
        if isinstance(held, (int, float)) and not isinstance(held, bool):
            return float(held)
    return None
