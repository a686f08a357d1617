"""Hit* → findings: merged, worded, weighed, silenced, and sorted into shown, silenced and hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from ..nouns.baseline import NOTHING, Baseline
from ..nouns.facts import Silence
from ..nouns.findings import Fault, Finding, Hit, Silenced
from ..nouns.rulebook import Rulebook
from ..nouns.settings import CONFIDENCES, SEVERITIES, Settings
from .baseline import without_accepted
from .choice import chosen_rules
from .governing import Governing
from .merging import fingerprints_of, merged
from .pathwise import PathRules
from .profile import is_test_below
from .silence_rules import hit_about
from .silences import quieted
from .wording import WordingError, finding_of

__all__ = ["Triaged", "chosen_rules", "is_test_below", "triage"]

TEST_CODE = "test code"
LOW_CONFIDENCE = "low confidence"


class Triaged(msgspec.Struct, frozen=True):
    """What became of the hits; `hidden` counts findings by why they are not shown ("test code", "low confidence")."""

    findings: tuple[Finding, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    hidden: dict[str, int] = {}
    faults: tuple[Fault, ...] = ()


def triage(
    hits: Iterable[Hit],
    silences: Mapping[str, tuple[Silence, ...]],
    rulebook: Rulebook,
    settings: Settings,
    *,
    is_test: Callable[[str], bool],
    today: date,
    failed: frozenset[str] = frozenset(),
    baseline: Baseline = NOTHING,
    home: str = "",
) -> Triaged:
    """Turn bare claims into findings. `failed` are rules whose check raised; raises UsageError for unknown rule names.

    A hit that cannot be worded is a `Fault`, and everything else stands. `baseline` are findings accepted before; paths
    in fingerprints are those from the folder `home`, "" for where we stand.
    """
    governing = Governing(settings, rulebook)
    claims = list(hits)
    wanted = (hit for hit in claims if hit.rule in governing.chosen(hit.place.path))
    drafts, faults = _drafts(merged(wanted), rulebook, governing, home)
    nameless = {hit.rule for hit in claims} - rulebook.rules.keys()
    faults += [Fault(rule, "it claims something, but no rule has its name") for rule in sorted(nameless)]
    code = quieted(drafts, silences, rulebook, today)
    broken = failed | {fault.check for fault in faults}
    remarks = [
        hit
        for asked in code.asked
        if (chosen := governing.chosen(asked.path))
        and (hit := hit_about(asked, rulebook, chosen - broken))
        and hit.rule in chosen
    ]
    more_drafts, more_faults = _drafts(merged(remarks), rulebook, governing, home)
    comments = quieted(more_drafts, silences, rulebook, today)
    shown, exempt, hidden = _sorted_out([*code.shown, *comments.shown], rulebook, governing, is_test)
    fresh, accepted = without_accepted(sorted(shown, key=_order), baseline, home)
    silenced = [*code.silenced, *comments.silenced, *exempt, *(Silenced(finding, "baseline") for finding in accepted)]
    return Triaged(
        fresh,
        tuple(sorted(silenced, key=lambda entry: _order(entry.finding))),
        dict(sorted(hidden.items())),
        (*faults, *more_faults),
    )


def _sorted_out(
    findings: list[Finding], rulebook: Rulebook, governing: Governing, is_test: Callable[[str], bool]
) -> tuple[list[Finding], list[Silenced], Counter[str]]:
    """What is shown, what the settings exempt, and how many are hidden for which reason."""
    shown: list[Finding] = []
    exempt: list[Silenced] = []
    hidden: Counter[str] = Counter()
    path_rules: dict[int, PathRules] = {}
    for finding in findings:
        settings = governing.at(finding.place.path)
        if id(settings) not in path_rules:
            path_rules[id(settings)] = PathRules(settings, rulebook)
        pattern = path_rules[id(settings)].ignoring(finding)
        if pattern is not None:
            exempt.append(Silenced(finding, "settings", f"per-path setting for {pattern}"))
        elif is_test(finding.place.path) and not settings.include_tests:
            hidden[TEST_CODE] += 1
        elif CONFIDENCES.index(finding.confidence) < CONFIDENCES.index(settings.minimum_confidence):
            hidden[LOW_CONFIDENCE] += 1
        elif is_test(finding.place.path) and finding.severity != "note":
            # An outage of a test is a slow afternoon: one step quieter than the same line in the service.
            lower = SEVERITIES[SEVERITIES.index(finding.severity) - 1]
            shown.append(msgspec.structs.replace(finding, severity=lower))
        else:
            shown.append(finding)
    return shown, exempt, hidden


def _drafts(hits: list[Hit], rulebook: Rulebook, governing: Governing, home: str) -> tuple[list[Finding], list[Fault]]:
    findings: list[Finding] = []
    faults: dict[Fault, None] = {}
    for hit, fingerprint in zip(hits, fingerprints_of(hits, home), strict=True):
        try:
            findings.append(finding_of(hit, rulebook.rules[hit.rule], governing.at(hit.place.path), fingerprint))
        except WordingError as error:
            faults[Fault(hit.rule, str(error))] = None
    return findings, list(faults)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    span = finding.place.span
    return (finding.place.path, span.line, span.column, finding.rule)
