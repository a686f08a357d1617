"""The baseline file: TOML, a table for each file, a list of fingerprints for each rule; sorted, so that it merges."""

from __future__ import annotations

import json
import os
import re

from ..nouns.baseline import Accepted, Baseline
from ..nouns.errors import UsageError
from ..nouns.settings import Settings
from .toml import Document, decoded, document_of, mistake

NAME = "staff-review-baseline.toml"
"""The file that is taken for the baseline when it stands beside the settings."""

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OPENING = """\
# Findings that were accepted when staff-review came to this code, by file and rule; only others are reported.
# `staff-review baseline prune` takes out those that are gone.

"""

_Table = dict[str, dict[str, tuple[str, ...]]]


def baseline_of(settings: Settings) -> Baseline:
    """The baseline that the settings name, an empty one when they name none; raises UsageError for a mistake in it."""
    if not settings.baseline:
        return Baseline()
    if not os.path.isfile(settings.baseline):
        shown = os.path.relpath(settings.baseline)
        raise UsageError(f"the baseline `{shown}` is not there; `staff-review baseline create` writes it")
    document = document_of(settings.baseline)
    table = decoded(document, _Table)
    rows = [_row(document, path, rule, found) for path, rules in table.items() for rule, found in rules.items()]
    return Baseline(settings.baseline, tuple(sorted(rows)))


def text_of(baseline: Baseline) -> str:
    """A baseline as the file that holds it."""
    lines = [_OPENING]
    path = None
    for one in sorted(baseline.accepted):
        if one.path != path:
            lines.append(f'{"" if path is None else chr(10)}["{_escaped(one.path)}"]\n')
            path = one.path
        rule = one.rule if _BARE.fullmatch(one.rule) else f'"{_escaped(one.rule)}"'
        if len(one.fingerprints) == 1:
            lines.append(f'{rule} = ["{one.fingerprints[0]}"]\n')
        else:
            # A line each, so that two branches that mend two of them do not meet in one line.
            lines.append("".join([f"{rule} = [\n", *(f'  "{found}",\n' for found in one.fingerprints), "]\n"]))
    return "".join(lines)


def _row(document: Document, path: str, rule: str, found: tuple[str, ...]) -> Accepted:
    for fingerprint in found:
        if not _FINGERPRINT.fullmatch(fingerprint):
            raise mistake(document, (path, rule, fingerprint), f"`{fingerprint[:40]}` is no fingerprint: 16 hex digits")
    return Accepted(path, rule, tuple(sorted(found)))


def _escaped(text: str) -> str:
    """A text between the quotes of a TOML string."""
    # JSON escapes as TOML does, except for one control character that it leaves alone.
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
