"""The hall: the order of the walk, from paths to a review, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from . import __version__
from .checks import CHECKS
from .findings import Fault, Figures, Gap, Hit, Review
from .link import VersionRange, project_of, triggers_of
from .load.cache import Cache
from .load.files import Listing, discover
from .load.read import read
from .load.rulebook import rulebook_of
from .load.versions import Versions
from .project import Project
from .reading import Progress, Reading, processors
from .rulebook import Rulebook
from .settings import Settings
from .triage import chosen_rules, is_test_below, triage

FACTS_VERSION = "1"
"""To be raised whenever the same bytes would give other facts."""


class Outcome(msgspec.Struct, frozen=True):
    """A review, the program it was drawn from, and the lines of every file it may want to show."""

    review: Review
    project: Project
    sources: Mapping[str, Sequence[str]]


def review_paths(paths: tuple[str, ...], settings: Settings, *, cache: bool = False) -> Outcome:
    """Review files and folders with the rules and libraries that the settings name; raises UsageError."""
    return review(paths, settings, rulebook_of(settings.catalog, settings.rules), cache=cache)


def review(
    paths: tuple[str, ...], settings: Settings, rulebook: Rulebook, *, cache: bool = True, jobs: int | None = None,
    progress: Progress | None = None, everything: bool = False,
) -> Outcome:
    """Read, link, judge, triage. `everything` reads all files whole, which must not change what is found."""
    began = time.monotonic()
    listing = discover(paths, settings)
    kept = Cache.open(_root(paths), f"{__version__}/{FACTS_VERSION}") if cache else None
    reading = Reading(
        listing.files, settings, triggers_of(rulebook.libraries, "python"), kept, jobs or processors(), progress
    )
    reading.scan(everything=everything)
    versions = Versions(_root(paths))
    project = project_of(reading, rulebook.libraries, "python", _ranges(versions))
    hits, faults = _judged(project, rulebook, settings)
    done = triage(
        hits, {facts.path: facts.silences for facts in reading.opened() if facts.silences}, rulebook, settings,
        is_test=is_test_below(os.path.relpath(path) for path in paths), today=date.today(), failed=frozenset(fault.check for fault in faults),
    )
    notices = [kept.save()] if kept is not None else []
    return Outcome(
        Review(
            findings=done.findings, silenced=done.silenced, hidden=done.hidden,
            gaps=_gaps(listing, reading, versions), faults=(*faults, *done.faults),
            notices=tuple(notice for notice in notices if notice),
            figures=Figures(
                files=len(listing.files), parsed=reading.parsed, cached=reading.cached,
                lines=sum(facts.lines for facts in reading.opened()), seconds=time.monotonic() - began,
            ),
        ),
        project,
        Sources(listing, settings),
    )


def _judged(project: Project, rulebook: Rulebook, settings: Settings) -> tuple[list[Hit], list[Fault]]:
    """What the chosen rules' checks claim; one that raises is named, and the others stand."""
    hits: list[Hit] = []
    faults: list[Fault] = []
    for rule in sorted(chosen_rules(rulebook, settings) & CHECKS.keys()):
        try:
            hits.extend(CHECKS[rule](project))
        except Exception as error:  # noqa: BLE001 - any fault of one check must leave the others standing
            faults.append(Fault(rule, f"{type(error).__name__}: {error}"))
    return hits, faults


def _gaps(listing: Listing, reading: Reading, versions: Versions) -> tuple[Gap, ...]:
    unread = [Gap(facts.path, one.line, one.reason) for facts in reading.opened() for one in facts.unread]
    return tuple(sorted(
        {*listing.gaps, *reading.gaps, *versions.gaps, *unread}, key=lambda gap: (gap.path, gap.line, gap.reason)
    ))


def _ranges(versions: Versions) -> Callable[[str, str], VersionRange | None]:
    def known(package: str, path: str) -> VersionRange | None:
        found = versions.above(path).get(package.lower().replace("_", "-").replace(".", "-"))
        if found is None:
            return None
        return VersionRange(found.exact or found.lower, found.exact or found.upper)

    return known


def _root(paths: tuple[str, ...]) -> str:
    """The folder that holds all that was asked for."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths]
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])


class Sources(Mapping[str, Sequence[str]]):
    """The lines of each file by path, read again when a report shows them."""

    def __init__(self, listing: Listing, settings: Settings) -> None:
        self._entries = {entry.path: entry for entry in listing.files}
        self._settings = settings

    def __getitem__(self, path: str) -> Sequence[str]:
        source = read(self._entries[path], self._settings)
        return () if isinstance(source, Gap) else source.lines()

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

