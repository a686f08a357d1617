"""The part of a screen that holds what a reviewer persona said, marked as opinion."""

from __future__ import annotations

from collections.abc import Container

from ..nouns.findings import ArchitectureNote, Comment, Finding, Review
from .remarks import opinions_found, rows_of, said_of, speaker_of
from .screen import Screen


def rows_beside(review: Review, finding: Finding) -> list[tuple[str, str]]:
    """What a persona thinks of one finding and of its lines, with a label each, for below that finding."""
    rows = [("opinion", said_of(verdict)) for verdict in review.verdicts if verdict.finding == finding.fingerprint]
    for comment in review.comments:
        if comment.beside == finding.fingerprint:
            rows += [("opinion", f"{speaker_of(comment)}. {comment.text}"), *rows_of(comment)]
    return rows


def opinions(screen: Screen, review: Review, told: Container[str] = ()) -> None:
    """Each remark with the line it rests on, each doubt of a finding, the view of the whole; nothing without any.

    `told` are the fingerprints of findings below which their opinions stand already.
    """
    doubts = [one for one in review.verdicts if one.verdict == "doubtful" and one.finding not in told]
    comments = [comment for comment in review.comments if comment.beside not in told]
    if not comments and not doubts and review.architecture is None:
        return
    screen.sides((("Opinions, which fail no run", "heading"),), opinions_found(review))
    beside = [comment for comment in review.comments if comment.beside in told]
    if beside:
        places = ", ".join(f"{one.place} ({one.weight})" for one in beside)
        screen.paragraph(f"besides those below the findings that they are about: {places}", indent=2)
    screen.blank()
    for comment in comments:
        _remark(screen, comment)
    findings = {finding.fingerprint: finding for finding in review.findings}
    for verdict in doubts:
        if verdict.finding in findings:
            finding = findings[verdict.finding]
            screen.line((str(finding.place), "path"), "  ", (finding.rule, "rule"), indent=2)
            screen.paragraph(said_of(verdict), indent=4)
            screen.blank()
    if review.architecture is not None:
        _whole(screen, review.architecture)


def dropped(screen: Screen, review: Review) -> None:
    """What a persona said and is not shown, and why, where somebody asked for it."""
    run = review.persona
    if run is None or not run.explained or not run.dropped:
        return
    screen.line((f"Dropped of what {run.persona} said ({len(run.dropped):,})", "heading"))
    screen.blank()
    for one in run.dropped:
        screen.line((f"{one.path}:{one.line}" if one.line else one.path, "path"), indent=2)
        for label, text in (("said", one.text), ("but", one.reason)):
            if text:
                _row(screen, label, text)
        screen.blank()


def _remark(screen: Screen, comment: Comment) -> None:
    screen.line((str(comment.place), "path"), indent=2)
    screen.line(speaker_of(comment), indent=4)
    screen.paragraph(comment.text, indent=4)
    for line in comment.quote.splitlines():
        space = " " * (len(line) - len(line.lstrip()))
        screen.paragraph(line.strip(), indent=4, label=f"> {space}")
    for label, text in rows_of(comment):
        _row(screen, label, text)
    screen.blank()


def _whole(screen: Screen, note: ArchitectureNote) -> None:
    screen.line(f"{note.persona} on the system as a whole", indent=2)
    screen.paragraph(note.text, indent=4)
    for one in note.trade_offs:
        _row(screen, "choice", one.choice)
        _row(screen, "gains", one.gains)
        _row(screen, "costs", one.costs)
    for text in note.alternatives:
        _row(screen, "or else", text)
    if note.edges:
        arrow = " → " if screen.look.unicode else " -> "
        _row(screen, "about", ", ".join(arrow.join(edge) for edge in note.edges))
    if note.hand_to:
        _row(screen, "hand to", note.hand_to)
    screen.blank()


def _row(screen: Screen, label: str, text: str) -> None:
    if screen.look.narrow:
        screen.paragraph(text, indent=4, label=f"{label}: ", hang=6)
    else:
        screen.paragraph(text, indent=4, label=label, hang=14)
