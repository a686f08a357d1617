"""The rules about silences themselves; triage serves them, because only here it is known which ones had a use."""

from __future__ import annotations

from ..nouns.findings import PERSONA, Hit
from ..nouns.rulebook import Rulebook
from ..nouns.source import Place, Span
from .choice import did_you_mean, rule_named
from .silences import Asked

UNUSED = "unused-silence"
EXPIRED = "expired-silence"
BLANKET = "blanket-silence"
UNEXPLAINED = "silence-without-reason"
SILENCE_RULES = frozenset({UNUSED, EXPIRED, BLANKET, UNEXPLAINED})


def hit_about(asked: Asked, rulebook: Rulebook, ran: frozenset[str]) -> Hit | None:
    """The worst that can be said of one silence; only rules that `ran` can show that it has no use."""
    silence = asked.silence
    rules = ", ".join(silence.rules)
    if not silence.rules:
        return _hit(BLANKET, asked, {})
    if asked.ended is not None:
        return _hit(EXPIRED, asked, {"rules": rules, "because": asked.ended})
    idle = {name: because for name in silence.rules if (because := _idle(name, asked, rulebook, ran))}
    if idle:
        return _hit(UNUSED, asked, {"rules": ", ".join(idle), "because": "; ".join(dict.fromkeys(idle.values()))})
    if not silence.reason:
        return _hit(UNEXPLAINED, asked, {"rules": rules})
    return None


def _idle(name: str, asked: Asked, rulebook: Rulebook, ran: frozenset[str]) -> str | None:
    if name.partition(":")[0] == PERSONA:
        return None  # only who asks a persona can know what it would say
    rule = rule_named(name, rulebook)
    if rule is None:
        return f"no rule is named `{name}`{did_you_mean(name, rulebook.rules)}"
    if rule.id not in ran or rule.id in SILENCE_RULES or rule.id in asked.used:
        return None
    first, last = asked.silence.lines
    if first == 0:
        return "nothing in this file asks for it"
    return f"nothing on line {first} asks for it" if first == last else f"nothing on lines {first}-{last} asks for it"


def _hit(rule: str, asked: Asked, names: dict[str, str]) -> Hit:
    line = asked.silence.line
    place = Place(asked.path, Span(line, 1, line, 1))
    return Hit(rule, place, names=names, subject=",".join(asked.silence.rules))
