"""All rules, by family, one line each."""

from __future__ import annotations

from typing import TextIO

from ..nouns.rulebook import Rule, Rulebook
from ..nouns.settings import SEVERITIES
from .look import Look
from .screen import Screen, wrapped

_LEAST_ROOM = 50
"""Cells beside the names; with less, a title stands below its rule."""


def render(rulebook: Rulebook, stream: TextIO, look: Look) -> None:
    """Write the rules under their families: name, severity, title, and whether one must ask for them."""
    screen = Screen(stream, look)
    width = max((len(name) for name in rulebook.rules), default=0) + 2
    stacked = look.width - width < _LEAST_ROOM
    for family in sorted({rule.family for rule in rulebook.rules.values()}):
        screen.line((family.replace("-", " "), "heading"))
        for rule in sorted_rules(rulebook):
            if rule.family == family:
                _rule(screen, rule, width, stacked=stacked)
        screen.blank()
    if any(rule.status != "on" for rule in rulebook.rules.values()):
        screen.paragraph("preview: speaks with --preview; opinion: speaks with --opinions")
    screen.line("one of them:  staff-review rule NAME")


def sorted_rules(rulebook: Rulebook) -> list[Rule]:
    """The rules by family and name."""
    return sorted(rulebook.rules.values(), key=lambda rule: (rule.family, rule.id))


def _rule(screen: Screen, rule: Rule, width: int, *, stacked: bool) -> None:
    title = rule.title + ("" if rule.status == "on" else f" ({rule.status})")
    if stacked:
        screen.line((rule.id, "rule"), " ", (rule.severity, rule.severity), indent=2)
        screen.paragraph(title, indent=4)
        return
    gap = " " * (max(map(len, SEVERITIES)) - len(rule.severity) + 2)
    hang = 2 + width + len(rule.severity) + len(gap)
    first, *rest = wrapped(title, screen.look.width - hang)
    screen.line((rule.id.ljust(width), "rule"), (rule.severity, rule.severity), gap, first, indent=2)
    for line in rest:
        screen.line(line, indent=hang)
