"""What the user asked for."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["error", "warning", "note"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
FormatName: TypeAlias = Literal[
    "full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html"
]

SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How big the service is meant to be; the defaults are a mid-size one's.

    `maintainers` are the people who keep it running, None when nobody says how many; only a persona weighs by them.
    """

    requests_per_second: float = 100.0
    p99_ms: float = 500.0
    regions: int = 1
    maintainers: int | None = None


class PathSettings(msgspec.Struct, frozen=True):
    """Rules to ignore below paths that match one git-style pattern."""

    pattern: str
    ignore: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """The merged wishes of the settings files and the command line; paths are relative to `root`.

    `origins` are all files that were read for them, from the top down, and `origin` is the nearest. `inner` are the
    settings of folders below that have a file of their own: what they say of rules holds for the files of `folder`.
    """

    root: str = "."
    origin: str = ""  # "" for none
    origins: tuple[str, ...] = ()
    folder: str = ""  # absolute; "" for all files
    inner: tuple[Settings, ...] = ()
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
    system: bool | None = None  # also judge the system as a whole; None: where a glance finds one
    scale: Scale | None = None
    catalog: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    max_file_bytes: int = 1_000_000
    baseline: str = ""  # the file of findings accepted before, absolute; "" for none
    fix_timeout: float | None = None  # seconds that a fix writes as a time limit; None: nobody has declared it

    @property
    def files(self) -> tuple[str, ...]:
        """Every settings file that was read, the outer ones first."""
        return tuple(dict.fromkeys(origin for one in (self, *self.inner) for origin in one.origins))


class PersonaSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the user lets a reviewer persona do; never read from a repository, whose code it is shown.

    `provider` chooses the SDK's client; `model` and `doubt_model` name what is asked, an empty `doubt_model` the one
    that fits. Amounts are for one run: seconds, dollars, tokens in and out. `redact` are regular expressions of what
    must not be sent. Prices are dollars for a million tokens, for a model that we have no price of.
    """

    on: bool = False
    name: str = "backend-staff"
    provider: Literal["anthropic", "bedrock", "vertex", "foundry"] = "anthropic"
    model: str = "claude-sonnet-5-5"
    doubt_model: str = ""
    effort: Literal["", "low", "medium", "high", "xhigh", "max"] = "medium"
    deadline: float = 300.0
    max_usd: float = 0.5
    max_tokens: int = 400_000
    at_once: int = 4
    keep_prompt: Literal["5m", "1h"] = "5m"  # how long the provider keeps what requests have in common
    redact: tuple[str, ...] = ()
    price_in: float | None = None
    price_out: float | None = None
    show_guesses: bool = False
