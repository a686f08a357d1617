"""The hall: the order of the walk, from paths to a review, and nothing else."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone

import msgspec

from ..load.around import deploys_services
from ..load.baseline import baseline_of
from ..load.cache import Cache
from ..load.codes import Codes
from ..load.files import Entry, Listing, discover
from ..load.git import repository_of
from ..load.rulebook import rulebook_of
from ..load.texts import DISK, Once, Texts
from ..load.unexcluded import unexcluded
from ..load.versions import Versions
from ..nouns.baseline import Baseline
from ..nouns.explanation import Explanation
from ..nouns.findings import Fault, Figures, Gap, Review
from ..nouns.map_changes import MapChange
from ..nouns.project import Project
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from ..nouns.system import System
from ..triage import Triaged, chosen_rules, is_test_below, triage
from .claims import Claims, Surroundings, claims_of
from .keeping import Kept, kept_for, root_of
from .quoting import Sources
from .reading import Progress, Reading, processors
from .stopwatch import Stopwatch
from .triggers import triggers_for


class Program(msgspec.Struct, frozen=True):
    """The linked program that was judged, and the shelf with the facts of its files."""

    reading: Reading
    project: Project


class Outcome(msgspec.Struct, frozen=True):
    """A review, the lines of every file it may want to show, and the system where it was looked at and found.

    `program` is there only when it was asked for: it is most of what a run holds in memory.
    """

    review: Review
    sources: Sources
    system: System | None = None
    program: Program | None = None


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
    buffers: Mapping[str, bytes] | None = None,
    stopwatch: Stopwatch | None = None,
    program: bool = False,
) -> Outcome:
    """Read, link, judge, triage. `everything` reads all files whole, which must not change what is found.

    `buffers` are contents to judge instead of the disk's, by the real path of their file. With `program`, the outcome
    holds the linked program too.
    """
    stopwatch = stopwatch or Stopwatch()
    with stopwatch.phase("finding files"):
        listing = _with_buffers(discover(paths, settings), buffers or {})
    kept = kept_for(paths, settings, rulebook) if cache else Kept()
    if buffers:
        kept = msgspec.structs.replace(kept, memory=None)
    done = examined(
        listing,
        paths,
        settings,
        rulebook,
        kept,
        baseline_of(settings),
        around=around_of(paths, settings, rulebook, kept.codes),
        jobs=jobs,
        progress=progress,
        everything=everything,
        stopwatch=stopwatch,
        program=program,
    )
    with stopwatch.phase("cache"):
        return saved(done, kept)


def around_of(
    paths: tuple[str, ...], settings: Settings, rules: Rulebook, codes: Codes | None, texts: Texts = DISK
) -> Surroundings | None:
    """What makes a system of the program, where that is wanted; `texts` are the files that it is read from."""
    texts = Once(unexcluded(texts, settings))
    if not (deploys_services(paths, texts, rules.products.resource) if settings.system is None else settings.system):
        return None
    # It reads YAML and knows brokers and gateways: a tenth of a second that most reviews need not wait for.
    from .mapping import Around

    return Around(paths, texts, codes)


def change_of_map(before: System | None, now: System | None) -> MapChange:
    """What differs between two systems, of which either may not have been looked at."""
    if before is None and now is None:
        return MapChange()
    # What makes a system is slow to load, and most changes are reviewed without one.
    from ..topology import changed

    return changed(before or System(), now or System())


def saved(outcome: Outcome, kept: Kept) -> Outcome:
    """The outcome, after what it taught was kept for the next run."""
    said = [one.save() for one in (kept.cache, kept.codes) if one is not None]
    notices = (*outcome.review.notices, *filter(None, said))
    return msgspec.structs.replace(outcome, review=msgspec.structs.replace(outcome.review, notices=notices))


def examined(
    listing: Listing,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    kept: Kept,
    baseline: Baseline,
    *,
    texts: Texts = DISK,
    around: Surroundings | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    everything: bool = False,
    stopwatch: Stopwatch | None = None,
    program: bool = False,
    only: Callable[[Reading], Collection[str] | None] | None = None,
) -> Outcome:
    """The review of a listing; `baseline` are findings accepted before, `texts` the files beside the code.

    With `around`, the system is part of it; with `program`, the linked program. `only` may choose a part of the code,
    which alone is linked then, and of which nobody can tell the system.
    """
    began = time.monotonic()
    root = root_of(paths, settings)
    is_test = is_test_below(os.path.relpath(path) for path in paths)
    files = [entry for entry in listing.files if settings.include_tests or not is_test(entry.path)]
    stopwatch = stopwatch or Stopwatch()
    reading = _shelf(files, settings, rulebook, kept.cache, jobs, progress, stopwatch)
    versions = Versions(root, texts)
    with _undisturbed(), stopwatch.phase("cache"):
        reading.scan(everything=everything)
        if only is not None and _is_narrowed(reading, only):
            around = None
        claims, project, notice = claims_of(
            reading, rulebook, versions, settings.scale, kept, around, stopwatch, program=program
        )
    with stopwatch.phase("weighing"):
        done = _weighed(claims, rulebook, settings, is_test, baseline, root)
    review = Review(
        findings=done.findings,
        silenced=done.silenced,
        hidden=done.hidden,
        gaps=_sorted({*listing.gaps, *reading.gaps, *versions.gaps, *claims.gaps}),
        faults=(*_chosen(claims.faults, settings, rulebook), *done.faults),
        notices=tuple(one for one in (*reading.notices, notice) if one),
        figures=_figures(listing, files, reading, claims, began),
    )
    shelf = Program(reading, project) if program and project is not None else None
    return Outcome(review, Sources(listing, settings), claims.system, shelf)


def _is_narrowed(reading: Reading, only: Callable[[Reading], Collection[str] | None]) -> bool:
    """Whether a part of the code was chosen, which alone is left then."""
    chosen = only(reading)
    if chosen is not None:
        reading.narrow(chosen)
    return chosen is not None


def _chosen(faults: tuple[Fault, ...], settings: Settings, rulebook: Rulebook) -> Iterator[Fault]:
    """The faults of rules that somebody wants to hear."""
    chosen = frozenset[str]().union(*(chosen_rules(rulebook, one) for one in (settings, *settings.inner)))
    return (fault for fault in faults if fault.check in chosen)


def _shelf(
    files: list[Entry],
    settings: Settings,
    rulebook: Rulebook,
    cache: Cache | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    stopwatch: Stopwatch | None = None,
) -> Reading:
    return Reading(files, settings, triggers_for(rulebook), cache, jobs or processors(), progress, stopwatch)


def _weighed(
    claims: Claims,
    rulebook: Rulebook,
    settings: Settings,
    is_test: Callable[[str], bool],
    baseline: Baseline,
    root: str,
) -> Triaged:
    return triage(
        claims.hits,
        claims.silences,
        rulebook,
        settings,
        is_test=is_test,
        today=datetime.now(tz=timezone.utc).date(),
        failed=frozenset(fault.check for fault in claims.faults),
        baseline=baseline,
        home=repository_of(root) or root,
    )


def _with_buffers(listing: Listing, buffers: Mapping[str, bytes]) -> Listing:
    if not buffers:
        return listing
    files = tuple(
        msgspec.structs.replace(entry, buffer=buffers[entry.absolute]) if entry.absolute in buffers else entry
        for entry in listing.files
    )
    return msgspec.structs.replace(listing, files=files)


def _figures(listing: Listing, files: list[Entry], reading: Reading, claims: Claims, began: float) -> Figures:
    return Figures(
        files=reading.files,
        tests=len(listing.files) - len(files) + len(reading.tests),
        parsed=claims.parsed,
        cached=reading.cached,
        lines=claims.lines,
        seconds=time.monotonic() - began,
    )


def explain(path: str, line: int, settings: Settings, rulebook: Rulebook) -> Explanation:
    """What the engine knows of the calls on one line of a file, linked with all of the project; raises UsageError."""
    # This and what it needs load slowly, and few ask for it.
    from .explaining import explanation_of
    from .judging import judged, linked

    below = not os.path.isabs(path) and not os.path.normpath(path).startswith("..")
    root = os.path.abspath("." if below else settings.root)
    listing = discover((os.path.relpath(root), path), settings)
    reading = _shelf(list(listing.files), settings, rulebook)
    with _undisturbed():
        reading.scan()
        reading.want(path)
        project = linked(reading, rulebook, Versions(root), settings.scale)
    text = Sources(listing, settings).line(path, line).strip()
    return explanation_of(project, judged(project, rulebook)[0], path, line, text)


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


def _sorted(gaps: set[Gap]) -> tuple[Gap, ...]:
    return tuple(sorted(gaps, key=lambda gap: (gap.path, gap.line, gap.reason)))
