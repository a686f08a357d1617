"""One rule on one screen: what it says, why it matters, when it stays silent, what to write instead."""

from __future__ import annotations

import re
from typing import TextIO

from rich.cells import cell_len

from ..nouns.rulebook import Measured, Rule, Rulebook
from .look import Look
from .rule_help import spoken
from .screen import Piece, Screen

_SCALE = re.compile(r"(below|above)_(rps|p99_ms|regions)_(\d+)")
_SCALE_WORDS = {"rps": "{} {} requests a second", "p99_ms": "{} a p99 of {} ms", "regions": "{} {} regions"}
_RELATED = 4
_PAGE = 88


def render(rule: Rule, rulebook: Rulebook, stream: TextIO, look: Look) -> None:
    """Write the page of a rule."""
    screen = Screen(stream, look)
    facts = [rule.family.replace("-", " "), rule.severity, f"since {rule.since}"]
    if rule.status != "on":
        facts.append(f"{rule.status}: only when asked")
    _heading(screen, rule, look.dot.join(facts))
    screen.paragraph(f"{rule.title}.", indent=2)
    screen.blank()
    _section(screen, "Why it matters", [rule.why])
    _section(screen, "Instead", [spoken(rule.instead)])
    _section(screen, "Not reported when", list(rule.silent), mark="- ")
    _examples(screen, rule)
    _rows(screen, rule, rulebook)


def _heading(screen: Screen, rule: Rule, facts: str) -> None:
    name: Piece = (rule.id, "rule")
    if screen.look.narrow:
        screen.line(name)
        screen.paragraph(facts, indent=2)
    else:
        screen.line(name, "      ", facts)
    screen.blank()


def _section(screen: Screen, title: str, texts: list[str], mark: str = "") -> None:
    if texts:
        screen.line((title, "heading"))
        for text in texts:
            screen.paragraph(text, indent=2, label=mark)
        screen.blank()


def _examples(screen: Screen, rule: Rule) -> None:
    bad, good = ([line.rstrip() for line in text.strip("\n").splitlines()] for text in (rule.bad, rule.good))
    if not bad or not good:
        return
    column = max(34, *(cell_len(line) for line in bad)) + 4
    if column + max(cell_len(line) for line in good) + 2 <= min(screen.look.width, _PAGE + 12):
        screen.line((f"{'Bad':<{column + 2}}Better", "heading"))
        for number in range(max(len(bad), len(good))):
            left, right = (lines[number] if number < len(lines) else "" for lines in (bad, good))
            screen.line(f"{left}{' ' * (column - cell_len(left))}{right}".rstrip(), indent=2)
        screen.blank()
        return
    for title, lines in (("Bad", bad), ("Better", good)):
        screen.line((title, "heading"))
        for line in lines:
            screen.line(line, indent=2)
        screen.blank()


def _rows(screen: Screen, rule: Rule, rulebook: Rulebook) -> None:
    standard = rulebook.standards.get(rule.standard)
    related = [other.id for other in rulebook.rules.values() if other.family == rule.family and other.id != rule.id]
    rows = [("Scale", f"{bound_in_words(key)}: {severity}") for key, severity in rule.scale.items()]
    rows.append(("Standard", standard.title if standard else rule.standard))
    rows += [("Once named", name) for name in rule.was]
    rows.append(("Silence", f"# staff-review: ignore[{rule.id}] until=YYYY-MM-DD -- the reason"))
    if rule.measured is not None:
        rows.append(("Measured", measured_in_words(rule.measured)))
    if related:
        rows.append(("Related", ", ".join(sorted(related)[:_RELATED])))
    rows += [("Read", reference) for reference in rule.references]
    before = ""
    for label, text in rows:
        screen.paragraph(text, label="" if label == before else label, hang=11)
        before = label


def measured_in_words(measured: Measured) -> str:
    """How often it was right, in words; silence on many projects is worth saying too."""
    count = len(measured.projects)
    where = f"{count} public project{'s' * (count != 1)}, {measured.on}"
    if not measured.read:
        return f"it said nothing on {where}"
    return f"{measured.right} of {measured.read} findings right, read by hand on {where}"


def bound_in_words(key: str) -> str:
    """A bound of the scale, `below_rps_10`, as "below 10 requests a second"."""
    parts = _SCALE.fullmatch(key)
    return _SCALE_WORDS[parts[2]].format(parts[1], parts[3]) if parts else key
