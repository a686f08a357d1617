"""The hall of changes: the review of a change is that of today's files, held against that of the files before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec

from ..load.baseline import baseline_of
from ..load.cache import Cache
from ..load.codes import Codes
from ..load.files import discover
from ..load.objects import Comparison, State, comparison_of
from ..nouns.baseline import NOTHING, Baseline
from ..nouns.findings import Finding, Introduced, Review
from ..nouns.rulebook import Rulebook
from ..nouns.settings import Settings
from ..nouns.source import Place
from ..triage.introduced import Former, weighed
from ..triage.line_map import LineMap
from .keeping import Kept, kept_for
from .nearby import Nearby
from .quoting import Sources
from .reading import Progress
from .review import Outcome, around_of, change_of_map, examined, saved
from .stopwatch import Stopwatch

_MOST_CAUSES = 3


def compared(
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    *,
    since: str = "",
    staged: bool = False,
    near: bool = False,
    cache: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    stopwatch: Stopwatch | None = None,
    program: bool = False,
) -> Outcome:
    """The review of what changed since a revision, or of what is staged; raises UsageError when git cannot tell.

    Settings and rules are today's for both sides. With `near`, only what stands near the change is linked.
    """
    stopwatch = stopwatch or Stopwatch()
    with stopwatch.phase("finding files"):
        comparison = comparison_of(paths, settings, discover(paths, settings), since=since, staged=staged)
    kept = kept_for(paths, settings, rulebook) if cache else _for_one_run()
    nearby = Nearby(comparison.changed, rulebook.libraries) if near else None

    def at(state: State, baseline: Baseline, *, program: bool = False) -> Outcome:
        return examined(
            state.listing,
            paths,
            settings,
            rulebook,
            kept,
            baseline,
            texts=state.texts,
            around=around_of(paths, settings, rulebook, kept.codes, state.texts),
            jobs=jobs,
            progress=progress,
            stopwatch=stopwatch,
            program=program,
            only=partial(nearby.among, renamed=state.renamed) if nearby is not None else None,
        )

    now = at(comparison.now, baseline_of(settings), program=program)
    linked = nearby.linked if nearby is not None else None
    asks = linked is None or _concerned(now.review.findings, comparison.changed)
    before = [at(state, NOTHING) for state in comparison.before] if asks else []
    introduced = Introduced(comparison.before[0].commit, since, staged, linked=linked)
    with stopwatch.phase("comparing"):
        done = msgspec.structs.replace(now, review=_of_change(introduced, now, before, comparison))
    with stopwatch.phase("cache"):
        return saved(done, kept) if cache else done


def _concerned(findings: Iterable[Finding], changed: frozenset[str]) -> bool:
    """Whether one of the findings stands in a changed file, or came about through one; else the change brought none."""
    return any(not changed.isdisjoint((one.place.path, *(step.place.path for step in one.trail))) for one in findings)


def _for_one_run() -> Kept:
    return Kept(cache=Cache.for_one_run(), codes=Codes())


def _of_change(asked: Introduced, now: Outcome, before: Sequence[Outcome], comparison: Comparison) -> Review:
    """The review with only what the change introduces, and what is known of the change.

    Where nothing `before` was looked at, all that was found stood there too.
    """
    asked = msgspec.structs.replace(
        asked, files=len(comparison.changed) + comparison.others, known=len(now.review.findings)
    )
    if not before:
        return msgspec.structs.replace(now.review, findings=(), introduced=asked)
    maps = [
        _line_maps(comparison.changed, state, now.sources, outcome.sources)
        for state, outcome in zip(comparison.before, before, strict=True)
    ]
    formers = [
        Former(outcome.review.findings, state.renamed, lines)
        for state, outcome, lines in zip(comparison.before, before, maps, strict=True)
    ]
    quiet = [one.finding for one in now.review.silenced]
    result = weighed(now.review.findings, quiet, formers)
    lines = maps[0]
    introduced = msgspec.structs.replace(
        asked,
        lines={path: one.brought for path, one in lines.items() if one.brought},
        elsewhere=frozenset(one.fingerprint for one in result.new if one.place.path not in comparison.changed),
        because={one.fingerprint: places for one in result.new if (places := _because(one, lines))},
        fixed=result.gone,
        known=asked.known - len(result.new),
        map=change_of_map(before[0].system, now.system),
    )
    return msgspec.structs.replace(now.review, findings=result.new, introduced=introduced)


def _line_maps(changed: Iterable[str], state: State, now: Sources, then: Sources) -> dict[str, LineMap]:
    """For each changed file that is there now, where its lines were."""
    former = {new: old for old, new in state.renamed.items()}
    return {path: LineMap(then.get(former.get(path, path), ()), now[path]) for path in sorted(changed) if path in now}


def _because(finding: Finding, lines: Mapping[str, LineMap]) -> tuple[Place, ...]:
    """The places of the change through which a finding came about; none for one that stands on a changed line."""

    def touches(place: Place) -> bool:
        known = lines.get(place.path)
        inside = range(place.span.line, place.span.end_line + 1)
        return known is not None and not known.touched.isdisjoint(inside)

    if touches(finding.place):
        return ()
    places = dict.fromkeys(step.place for step in finding.trail if touches(step.place))
    return tuple(places)[:_MOST_CAUSES]
