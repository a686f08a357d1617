"""What a baseline accepts: a finding that it names, or one of as many as a file had of a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..nouns.baseline import Accepted, Baseline
from ..nouns.findings import PERSONA, Comment, Finding
from ..nouns.source import from_home


def without_accepted(
    findings: Sequence[Finding], baseline: Baseline, home: str = ""
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are new, and those that are accepted.

    Those that the baseline names are accepted first. Where it names others of the same rule in the same file that are
    gone, as many of what is left count as these: a function was renamed, an expression rewritten.
    """
    spare = _spare(findings, baseline)
    named = {fingerprint for one in baseline.accepted for fingerprint in one.fingerprints}
    new: list[Finding] = []
    accepted: list[Finding] = []
    for finding in findings:
        key = (from_home(finding.place.path, home), finding.rule)
        if finding.fingerprint in named:
            accepted.append(finding)
        elif spare[key] > 0:
            spare[key] -= 1
            accepted.append(finding)
        else:
            new.append(finding)
    return tuple(new), tuple(accepted)


def accepting(
    findings: Sequence[Finding], home: str = "", origin: str = "", comments: Sequence[Comment] = ()
) -> Baseline:
    """A baseline that accepts these findings, and these comments of a persona."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in findings:
        rows[from_home(finding.place.path, home), finding.rule].append(finding.fingerprint)
    for comment in comments:
        rows[from_home(comment.place.path, home), PERSONA].append(comment.fingerprint)
    return Baseline(origin, tuple(sorted(Accepted(*key, tuple(sorted(found))) for key, found in rows.items())))


def _spare(findings: Sequence[Finding], baseline: Baseline) -> dict[tuple[str, str], int]:
    """By path and rule, how many that the baseline names are gone."""
    there = {finding.fingerprint for finding in findings}
    spare: dict[tuple[str, str], int] = defaultdict(int)
    for one in baseline.accepted:
        spare[one.path, one.rule] += sum(fingerprint not in there for fingerprint in one.fingerprints)
    return spare
