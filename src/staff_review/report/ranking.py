"""Which findings come first where there is no room for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from ..nouns.findings import Finding

_DAMAGE = {"error": 70.0, "warning": 40.0, "note": 10.0}
_SURENESS = {"high": 20.0, "medium": 10.0, "low": 0.0}


def rank_of(finding: Finding) -> float:
    """How important a finding is, from 0 to 100: first the damage, then how sure it is."""
    return _DAMAGE[finding.severity] + _SURENESS[finding.confidence]


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest and surest first; equals stay in their order."""
    return sorted(findings, key=lambda finding: -rank_of(finding))
