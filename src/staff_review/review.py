"""The hall: the order of the walk, from paths to a review, and nothing else."""

from __future__ import annotations

import gc
import os
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone

import msgspec

from . import __version__
from .claims import Claims, claims_of, judged, linked
from .demand import Triggers
from .explaining import explanation_of
from .explanation import Explanation
from .findings import Figures, Gap, Review
from .link import triggers_of
from .load.cache import Cache
from .load.engine import engine_stamp
from .load.files import Entry, Listing, discover
from .load.memory import Memory
from .load.read import read
from .load.rulebook import rulebook_of
from .load.versions import Versions
from .reading import Progress, Reading, processors
from .rulebook import Rulebook
from .settings import Settings
from .triage import chosen_rules, is_test_below, triage


class Outcome(msgspec.Struct, frozen=True):
    """A review, and the lines of every file it may want to show."""

    review: Review
    sources: Mapping[str, Sequence[str]]


def review_paths(paths: tuple[str, ...], settings: Settings, *, cache: bool = False) -> Outcome:
    """Review files and folders with the rules and libraries that the settings name; raises UsageError."""
    return review(paths, settings, rulebook_of(settings.catalog, settings.rules), cache=cache)


def review(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    *,
    cache: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    everything: bool = False,
) -> Outcome:
    """Read, link, judge, triage. `everything` reads all files whole, which must not change what is found."""
    began = time.monotonic()
    listing = discover(paths, settings)
    root = settings.root if os.path.isabs(settings.root) else os.path.abspath(_root(paths))
    engine = engine_stamp(__version__) if cache else ""
    triggers = triggers_of(rulebook.libraries, "python")
    kept = Cache.open(root, f"{engine}/{_sum(triggers)}") if cache else None
    is_test = is_test_below(os.path.relpath(path) for path in paths)
    files = [entry for entry in listing.files if settings.include_tests or not is_test(entry.path)]
    reading = Reading(files, settings, triggers, kept, jobs or processors(), progress)
    versions = Versions(root)
    with _undisturbed():
        reading.scan(everything=everything)
        claims, notice = claims_of(reading, rulebook, versions, Memory(root) if cache else None, engine)
    chosen = chosen_rules(rulebook, settings)
    done = triage(
        claims.hits,
        claims.silences,
        rulebook,
        settings,
        is_test=is_test,
        today=datetime.now(tz=timezone.utc).date(),
        failed=frozenset(fault.check for fault in claims.faults),
    )
    review = Review(
        findings=done.findings,
        silenced=done.silenced,
        hidden=done.hidden,
        gaps=_sorted({*listing.gaps, *reading.gaps, *versions.gaps, *claims.gaps}),
        faults=(*(fault for fault in claims.faults if fault.check in chosen), *done.faults),
        notices=tuple(one for one in (notice, kept.save() if kept is not None else "") if one),
        figures=_figures(listing, files, reading, claims, began),
    )
    return Outcome(review, Sources(listing, settings))


def _figures(listing: Listing, files: list[Entry], reading: Reading, claims: Claims, began: float) -> Figures:
    return Figures(
        files=len(files) - len(reading.tests),
        tests=len(listing.files) - len(files) + len(reading.tests),
        parsed=claims.parsed,
        cached=reading.cached,
        lines=claims.lines,
        seconds=time.monotonic() - began,
    )


def explain(path: str, line: int, settings: Settings, rulebook: Rulebook) -> Explanation:
    """What the engine knows of the calls on one line of a file, linked with the whole project around it."""
    below = not os.path.isabs(path) and not os.path.normpath(path).startswith("..")
    root = os.path.abspath("." if below else settings.root)
    listing = discover((os.path.relpath(root), path), settings)
    reading = Reading(listing.files, settings, triggers_of(rulebook.libraries, "python"), None, processors())
    with _undisturbed():
        reading.scan()
        reading.want(path)
        project = linked(reading, rulebook, Versions(root))
    lines = Sources(listing, settings).get(path, ())
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return explanation_of(project, judged(project)[0], path, line, text)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector: facts are built once and live to the end (measured: a fifth of the time of linking)."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _sum(triggers: Triggers) -> str:
    """What must be the same for a glance kept earlier to hold today."""
    tables = (triggers.names, triggers.asynchronous)
    known = sorted((root, *sorted(names)) for table in tables for root, names in table.items())
    return f"{zlib.crc32(repr(known).encode()):08x}"


def _sorted(gaps: set[Gap]) -> tuple[Gap, ...]:
    return tuple(sorted(gaps, key=lambda gap: (gap.path, gap.line, gap.reason)))


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
