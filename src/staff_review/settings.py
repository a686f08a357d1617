"""What the user asked for."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["error", "warning", "note"]
Confidence: TypeAlias = Literal["high", "medium", "low"]

SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How big the service is meant to be; the defaults are a mid-size one's."""

    requests_per_second: float = 100.0
    p99_ms: float = 500.0
    regions: int = 1


class PathSettings(msgspec.Struct, frozen=True):
    """Rules to ignore below paths that match one git-style pattern."""

    pattern: str
    ignore: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """The merged wishes of the settings file and the command line; paths are relative to `root`."""

    root: str = "."
    origin: str = ""  # the settings file that was read, "" for none
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_path: tuple[PathSettings, ...] = ()
    exclude: tuple[str, ...] = ()
    severity: dict[str, Severity] = {}
    fail_on: Severity = "error"
    minimum_confidence: Confidence = "medium"
    preview: bool = False
    opinions: bool = False
    include_tests: bool = False
    scale: Scale | None = None
    catalog: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    max_file_bytes: int = 1_000_000
