"""The hall of the persona: what it is shown, who it asks, and its opinions beside what the static half found."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache, partial

import msgspec

from ..load.baseline import baseline_of
from ..load.git import repository_of
from ..load.own import has_profile, persona_named, personas_of
from ..load.replies import Replies
from ..load.versions import Versions
from ..nouns.baseline import Baseline
from ..nouns.errors import UsageError
from ..nouns.findings import Comment, Finding, PersonaRun, SilencedComment, Spent
from ..nouns.rulebook import Rulebook
from ..nouns.settings import PersonaSettings, Settings
from ..nouns.system import System
from ..persona.architecture import MapSummary
from ..persona.ask import ATTEMPT
from ..persona.desk import Connection, World
from ..persona.endpoint import address_of, hindrance, host_of
from ..persona.known import scale_words, version_words
from ..persona.request import Request
from ..persona.select import Material, Selection
from ..persona.walk import Walk
from ..report.map_sentences import described, known_edges, neighbours
from ..triage import chosen_rules
from ..triage.remarks import quiet_comment
from .keeping import root_of
from .reading import Reading
from .review import Outcome, review

__all__ = ["Changed", "MapSummary", "Preview", "commented", "previewed", "summary_of"]

_SYSTEM = "system"  # the family of rules that judge services together

Changed = Mapping[str, frozenset[int]]


class Preview(msgspec.Struct, frozen=True):
    """What a first look would send, the most it can cost, and what stands in the way ("" for nothing).

    `remembered` of the requests would not be sent, because their replies are kept; `left` drafts are beyond what one
    run looks at.
    """

    requests: tuple[Request, ...]
    remembered: int
    left: int
    estimate: Spent
    host: str
    hindrance: str
    hidden: int


def commented(
    outcome: Outcome,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    asked: PersonaSettings,
    *,
    changed: Changed | None = None,
    summary: MapSummary | None = None,
    cache: bool = True,
    say: Callable[[str], None] | None = None,
) -> Outcome:
    """The outcome with a persona's opinions beside the findings, which stay as they are; raises UsageError.

    `changed` are the lines of each path that a change brought, `summary` the map when it is part of the review, and
    `say` is told the estimate before anything is sent.
    """
    try:
        walk = _walk(outcome, paths, settings, rulebook, asked, changed, cache=cache, say=say)
        opinions = asyncio.run(walk.opinions(summary))
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - an opinion must never cost the findings; the report names the fault
        run = PersonaRun(asked.name, "not run", f"a fault of staff-review: {type(error).__name__}: {error}")
        return msgspec.structs.replace(outcome, review=msgspec.structs.replace(outcome.review, persona=run))
    done = msgspec.structs.replace(
        outcome.review,
        comments=opinions.comments,
        silenced_comments=opinions.silenced,
        verdicts=opinions.verdicts,
        architecture=opinions.architecture,
        persona=opinions.run,
    )
    return msgspec.structs.replace(outcome, review=done, program=None)


def previewed(
    outcome: Outcome,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    asked: PersonaSettings,
    *,
    changed: Changed | None = None,
) -> Preview:
    """Exactly what a first look would send; nothing is sent. Raises UsageError."""
    walk = _walk(outcome, paths, settings, rulebook, asked, changed, cache=True, say=None)
    summary = summary_of(outcome.system, outcome.review.findings) if outcome.system is not None else None
    requests = [*walk.first_look(), *walk.map_look(summary)]
    return Preview(
        requests=tuple(requests),
        remembered=len(requests) - len(walk.unknown(requests)),
        left=walk.left,
        estimate=walk.estimate(requests),
        host=host_of(asked, os.environ),
        hindrance=hindrance(asked, os.environ, profile=has_profile()),
        hidden=walk.hidden,
    )


def summary_of(system: System, findings: Sequence[Finding] = ()) -> MapSummary | None:
    """The map in words for a persona, with the findings about it; None where nobody calls anybody."""
    edges = tuple((edge.source, edge.target) for edge in known_edges(system))
    about = tuple(f"{one.rule} ({one.severity}): {one.message}" for one in findings if one.family == _SYSTEM)
    return MapSummary(described(system), edges, about) if edges else None


def _walk(
    outcome: Outcome,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    asked: PersonaSettings,
    changed: Changed | None,
    *,
    cache: bool,
    say: Callable[[str], None] | None,
) -> Walk:
    persona = persona_named(asked.name, personas_of())
    lines = _lines_of(outcome)
    root = root_of(paths, settings)
    material = _material(outcome, paths, settings, rulebook, asked, changed, lines, repository_of(root) or root)
    world = World(
        connect=lambda: _connection(asked),
        lines=lines,
        replies=Replies() if cache else None,
        address=address_of(asked, os.environ),
        host=host_of(asked, os.environ),
        say=say,
        quiet=_quiet(material, baseline_of(settings)),
    )
    chosen = chosen_rules(rulebook, settings)
    rules = {name: rule for name, rule in rulebook.rules.items() if name in chosen}
    return Walk(Selection(material), persona, rules, asked, scale_words(settings.scale), world)


def _connection(asked: PersonaSettings) -> Connection | str:
    hindered = hindrance(asked, os.environ, profile=has_profile())
    if hindered:
        return hindered
    # The SDK takes seconds and 65 MB to load: only here, where the next step is to send something.
    from ..persona.client import Client

    return Client(asked, ATTEMPT)


def _material(
    outcome: Outcome,
    paths: tuple[str, ...],
    settings: Settings,
    rulebook: Rulebook,
    asked: PersonaSettings,
    changed: Changed | None,
    lines: Callable[[str], Sequence[str]],
    home: str,
) -> Material:
    # Fixes judge the code several times over, and hold no program.
    program = outcome.program or review(paths, settings, rulebook, program=True).program
    if program is None:
        raise LookupError("the review was asked for its program, and holds none")
    reading = program.reading
    known = frozenset(reading.paths())
    return Material(
        findings=outcome.review.findings,
        project=program.project,
        facts=lambda path: reading.facts(path) if path in known else None,
        lines=lines,
        changed=changed,
        redact=asked.redact,
        home=home,
        around=partial(_around, outcome.system, reading, rulebook, Versions(root_of(paths, settings))),
    )


def _around(
    system: System | None, reading: Reading, rulebook: Rulebook, versions: Versions, path: str
) -> tuple[str, ...]:
    """What is to be known of a file besides its calls: its service and those beside it, the versions it runs with."""
    table = versions.above(path)
    packages = {one.library: (one.package or one.library).lower().replace("_", "-") for one in rulebook.libraries}
    facts = reading.facts(path)
    imports = facts.imports if facts is not None else ()
    named = {packages.get(one.module.partition(".")[0], "") for one in imports if not one.level}
    used = {package: table[package].text for package in named if package in table and table[package].text}
    return tuple(filter(None, (*(neighbours(system, path) if system is not None else ()), version_words(used))))


def _quiet(material: Material, baseline: Baseline) -> Callable[[Comment], SilencedComment | None]:
    """Whether somebody asked not to see a comment: in its file, or in the baseline."""
    today = datetime.now(tz=timezone.utc).date()

    def quiet(comment: Comment) -> SilencedComment | None:
        facts = material.facts(comment.place.path)
        return quiet_comment(comment, facts.silences if facts is not None else (), baseline, today)

    return quiet


def _lines_of(outcome: Outcome) -> Callable[[str], Sequence[str]]:
    @cache
    def lines(path: str) -> Sequence[str]:
        return outcome.sources.get(path, ())

    return lines
