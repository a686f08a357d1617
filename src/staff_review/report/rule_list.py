"""All rules, by family, one line each."""

from __future__ import annotations

from typing import TextIO

from ..rulebook import Rule, Rulebook
from ..settings import SEVERITIES
from .look import Look
from .screen import Screen


def render(rulebook: Rulebook, stream: TextIO, look: Look) -> None:
    """Write the rules under their families: name, severity, title, and whether one must ask for them."""
    screen = Screen(stream, look)
    width = max((len(name) for name in rulebook.rules), default=0) + 2
    for family in sorted({rule.family for rule in rulebook.rules.values()}):
        screen.line((family.replace("-", " "), "heading"))
        for rule in sorted_rules(rulebook):
            if rule.family == family:
                _rule(screen, rule, width)
        screen.blank()
    screen.line("one of them:  staff-review rule NAME")


def sorted_rules(rulebook: Rulebook) -> list[Rule]:
    """The rules by family and name."""
    return sorted(rulebook.rules.values(), key=lambda rule: (rule.family, rule.id))


def _rule(screen: Screen, rule: Rule, width: int) -> None:
    asked = "" if rule.status == "on" else f" ({rule.status}: only when asked)"
    if screen.look.narrow:
        screen.line((rule.id, "rule"), " ", (rule.severity, rule.severity), indent=2)
        screen.paragraph(rule.title + asked, indent=4)
        return
    gap = " " * (max(map(len, SEVERITIES)) - len(rule.severity) + 2)
    name = rule.id.ljust(width)
    screen.line((name, "rule"), (rule.severity, rule.severity), gap, rule.title, asked, indent=2)
