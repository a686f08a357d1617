"""What the engine knows of the calls on one line, for a reader who doubts a finding or misses one."""

from __future__ import annotations

from typing import TextIO

from rich.cells import cell_len

from ..nouns.explanation import ExplainedCall, Explanation
from .look import Look
from .screen import Screen, cut, wrapped
from .tally import listed

PATHS_SHOWN = 5


def render(explanation: Explanation, stream: TextIO, look: Look) -> None:
    """Write what applies to each call of the line, who reaches it, and what each rule made of it."""
    screen = Screen(stream, look)
    screen.line((f"{explanation.path}:{explanation.line}", "path"))
    if explanation.text.strip():
        screen.line(cut(explanation.text.strip(), look.width - 2, look), indent=2)
    screen.blank()
    if not explanation.calls:
        screen.line("No call begins on this line that the catalog or the program gives a meaning to.")
        if explanation.nearby:
            screen.line(f"Nearest lines with one: {listed([str(line) for line in explanation.nearby])}.")
        return
    for number, call in enumerate(explanation.calls):
        if number:
            screen.blank()
        _call(screen, call)


def _call(screen: Screen, call: ExplainedCall) -> None:
    screen.line((call.call, "heading"))
    meaning = screen.look.dot.join([call.operation, ", ".join(call.effects)]) if call.effects else call.operation
    rows = [("is", meaning or "not known to the catalog")]
    rows += [(part.name, f"{part.text}, set at {part.set_at}" if part.set_at else part.text) for part in call.policy]
    hang = 2 + max(9, *(len(name) + 2 for name, _ in rows))
    for name, text in rows:
        screen.paragraph(text, indent=2, label=name, hang=hang)
    _paths(screen, call, hang)
    _judgements(screen, call, hang)


def _paths(screen: Screen, call: ExplainedCall, hang: int) -> None:
    paths = call.paths
    if not paths:
        screen.paragraph("from no entry point that is known", indent=2, label="reached", hang=hang)
    for number, path in enumerate(paths[:PATHS_SHOWN]):
        steps = [f"{step.text} ({step.place})" for step in path if str(step.place) != str(call.place)]
        screen.paragraph(" -> ".join([*steps, "here"]), indent=2, label="" if number else "reached", hang=hang)
    if len(paths) > PATHS_SHOWN:
        screen.line(f"{' ' * hang}and {len(paths) - PATHS_SHOWN:,} more paths")


def _judgements(screen: Screen, call: ExplainedCall, hang: int) -> None:
    if not call.judgements:
        screen.paragraph("none looked at this call", indent=2, label="rules", hang=hang)
        return
    screen.line("rules", indent=2)
    width = max(cell_len(judgement.rule) for judgement in call.judgements) + 2
    for judgement in sorted(call.judgements, key=lambda one: (not one.spoke, one.rule)):
        said = "spoke " if judgement.spoke else "silent"
        if screen.look.narrow:
            screen.line((judgement.rule, "rule"), f" {said.strip()}", indent=4)
            screen.paragraph(judgement.reason, indent=6)
            continue
        head = 4 + width + len(said) + 2
        first, *others = wrapped(screen.look.clean(judgement.reason), screen.look.width - head)
        screen.line((judgement.rule.ljust(width), "rule"), f"{said}  {first}", indent=4)
        for line in others:
            screen.line(line, indent=head)
