"""A hit becomes a finding: the rule's words filled with its names, the rule's weight bent by scale and settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..nouns.errors import UsageError
from ..nouns.findings import Finding, Hit
from ..nouns.rulebook import Rule
from ..nouns.settings import CONFIDENCES, SEVERITIES, Confidence, Scale, Settings, Severity

_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>[A-Za-z_]\w*)\}")
_BOUND = re.compile(r"(?P<side>below|above)_(?P<what>rps|p99_ms|regions)_(?P<bound>\d+)")


class WordingError(Exception):
    """A rule's text asks for a name that its check did not give."""


def finding_of(hit: Hit, rule: Rule, settings: Settings, fingerprint: str) -> Finding:
    """The hit in the rule's words and weight; raises WordingError when a name is missing."""
    severity, confidence = weight_of(hit, rule, settings)
    names = {**hit.names, **{name: _clause(rule, key, hit.names) for name, key in hit.clauses.items()}}
    return Finding(
        rule=rule.id,
        family=rule.family,
        place=hit.place,
        severity=severity,
        confidence=confidence,
        message=_filled(rule.message, names, rule.id, "message"),
        why=_filled(rule.why, names, rule.id, "why"),
        instead=_filled(rule.instead, names, rule.id, "instead"),
        fingerprint=fingerprint,
        trail=hit.trail,
        policy=hit.policy,
        scope=hit.scope,
        edit=hit.edit,
        subject=hit.subject,
    )


def _clause(rule: Rule, key: str, names: Mapping[str, str]) -> str:
    if key not in rule.clauses:
        raise WordingError(f"rule `{rule.id}` has no clause `{key}`, which its check picked")
    return _filled(rule.clauses[key], names, rule.id, f"clause `{key}`")


def weight_of(hit: Hit, rule: Rule, settings: Settings) -> tuple[Severity, Confidence]:
    """Severity by the settings, else by scale, else the rule's own; a hit may only lower what comes out."""
    asked = [settings.severity[name] for name in (rule.id, *rule.was) if name in settings.severity]
    severity = asked[0] if asked else scaled(rule, settings.scale or Scale())
    return (
        min(severity, hit.severity or severity, key=SEVERITIES.index),
        min(rule.confidence, hit.confidence or rule.confidence, key=CONFIDENCES.index),
    )


def scaled(rule: Rule, scale: Scale) -> Severity:
    """The severity at this scale; of several bounds that hold the one nearest to the scale decides."""
    nearest: tuple[float, Severity] | None = None
    for key, severity in rule.scale.items():
        asked = _BOUND.fullmatch(key)
        if asked is None:
            raise UsageError(
                f"rule `{rule.id}` has the scale key `{key}`; write `below_` or `above_`, then `rps`, `p99_ms` or "
                "`regions`, then a number: `below_rps_10`"
            )
        value = {"rps": scale.requests_per_second, "p99_ms": scale.p99_ms, "regions": scale.regions}[asked["what"]]
        distance = (int(asked["bound"]) - value) * (1 if asked["side"] == "below" else -1)
        if distance > 0 and (nearest is None or distance < nearest[0]):
            nearest = (distance, severity)
    return nearest[1] if nearest else rule.severity


def _filled(text: str, names: Mapping[str, str], rule: str, part: str) -> str:
    # Only braces around a name are holes, so that code such as `{"timeout": 5}` may stand in a rule's text.
    def value(hole: re.Match[str]) -> str:
        name = hole["name"]
        if name is None:
            return hole[0][0]
        if name not in names:
            raise WordingError(f"the {part} of rule `{rule}` asks for `{name}`, which its check did not give")
        return names[name]

    return " ".join(_BRACES.sub(value, text).split())
