"""Proves rules on small projects: what a line's comment expects is found on that line, and nothing is found elsewhere.

A case is a folder. A line that rules must hit ends in a comment ``expect: rule-id`` (several with commas); every
other line must stay silent under all rules. Our own tests and users with rules of their own share this.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from .hall.review import review_paths
from .load.rulebook import rulebook_of
from .load.settings import settings_of
from .nouns.errors import UsageError
from .nouns.findings import Review
from .nouns.settings import Settings

_EXPECTED = re.compile(r"(?:#|//|--|/\*|<!--|;)\s*expect:\s*(?P<rules>[a-z0-9]+(?:-[a-z0-9]+)*(?:\s*,\s*[a-z0-9-]+)*)")

Claim: TypeAlias = tuple[str, int, str]
"""A path from the case's folder with forward slashes, a line from 1, a rule."""


class Failure(msgspec.Struct, frozen=True, order=True):
    """Where a case and the review of it differ.

    "missed": expected and not found. "unexpected": found and not expected. "unread": a part of the case was not looked
    at, so its silence proves nothing; `rule` is then the reason. "fault": a check raised; `rule` names it.
    """

    case: str
    path: str
    line: int
    rule: str
    kind: Literal["missed", "unexpected", "unread", "fault"]

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.path else self.case
        return f"{place}: {self.kind}: {self.rule}"


def cases(fixtures: Path) -> tuple[Path, ...]:
    """All cases below a folder of ``<rule-id>/<case_as_a_sentence>/``, sorted."""
    folders = (folder for folder in fixtures.glob("*/*") if folder.is_dir())
    return tuple(
        sorted(case for case in folders if not any(_is_leftover(part) for part in (case.name, case.parent.name)))
    )


def with_rules_beside(found: tuple[Path, ...], settings: Settings) -> Settings:
    """The settings with the rules of cases that they do not name, from files ``RULE-ID.toml`` near the cases.

    Near is the folder around that of the cases, and ``rules`` in it, as `staff-review new-rule` writes them. A rule in
    the making can so be proved before a project is judged by it.
    """
    known = rulebook_of(settings.catalog, settings.rules).rules
    places = {(case.resolve().parent.parent.parent, case.resolve().parent.name) for case in found}
    files = (
        file
        for place, rule in sorted(places)
        if rule not in known
        for file in (place / "rules" / f"{rule}.toml", place / f"{rule}.toml")
    )
    beside = [glob.escape(str(file)) for file in files if file.is_file()]
    return msgspec.structs.replace(settings, rules=(*settings.rules, *beside))


def prove(folder: Path, settings: Settings | None = None) -> list[Failure]:
    """The differences between what one case expects and what a review finds; raises UsageError for a missing folder.

    `settings` hold a user's own catalog and rules; the root is always the case, and rules in preview are on. A
    ``staff-review.toml`` in the case itself says what holds there, such as the scale.
    """
    if not folder.is_dir():
        raise UsageError(f"`{folder}` is no folder; name the folder of one case")
    expected = expected_in(folder)
    asked = msgspec.structs.replace(_settings_of(folder, settings or Settings()), root=str(folder), preview=True)
    review = review_paths((str(folder),), asked, cache=False).review
    found = {(_inside(folder, one.place.path), one.place.line, one.rule) for one in review.findings}
    missed = [Failure(folder.name, *claim, "missed") for claim in expected - found]
    unexpected = [Failure(folder.name, *claim, "unexpected") for claim in found - expected]
    return sorted([*missed, *unexpected, *_unproved(folder, review)])


def _settings_of(folder: Path, given: Settings) -> Settings:
    file = folder / "staff-review.toml"
    if not file.is_file():
        return given
    own = settings_of(str(folder), file=str(file))
    return msgspec.structs.replace(own, catalog=(*given.catalog, *own.catalog), rules=(*given.rules, *own.rules))


def expected_in(folder: Path) -> frozenset[Claim]:
    """What the comments of a case expect."""
    return frozenset(
        (path, number, rule.strip())
        for path, text in _texts(folder)
        for number, line in enumerate(text.split("\n"), 1)
        for comment in _EXPECTED.finditer(line)
        for rule in comment["rules"].split(",")
    )


def _is_leftover(name: str) -> bool:
    # What tools leave behind (".ruff_cache", "__pycache__") is no case.
    return name.startswith(".") or name == "__pycache__"


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not any(_is_leftover(part) for part in file.relative_to(folder).parts[:-1]):
            data = file.read_bytes()
            if b"\0" not in data:
                yield file.relative_to(folder).as_posix(), data.decode("utf-8", "replace")


def _unproved(folder: Path, review: Review) -> Iterator[Failure]:
    for gap in review.gaps:
        yield Failure(folder.name, _inside(folder, gap.path), gap.line, gap.reason, "unread")
    for fault in review.faults:
        yield Failure(folder.name, "", 0, f"{fault.check}: {fault.error}", "fault")


def _inside(folder: Path, path: str) -> str:
    # A review shows paths as the user sees them, from the working directory; a case speaks of its own files.
    return os.path.relpath(os.path.realpath(path), os.path.realpath(folder)).replace(os.sep, "/")
