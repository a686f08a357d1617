"""The part of a screen that holds what a reviewer persona said, marked as opinion."""

from __future__ import annotations

from collections.abc import Container

from ..findings import ArchitectureNote, Comment, Finding, Review
from .remarks import rows_of, said_of, speaker_of, title_of
from .screen import Screen, cut


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
    screen.line(("Opinions, which fail no run", "heading"))
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


def _remark(screen: Screen, comment: Comment) -> None:
    screen.line((str(comment.place), "path"), indent=2)
    screen.line(title_of(comment), indent=4)
    screen.paragraph(comment.text, indent=4)
    for line in comment.quote.splitlines():
        screen.line(cut(f"> {line}", screen.look.width - 4, screen.look), indent=4)
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
        _row(screen, "or", text)
    if note.hand_to:
        _row(screen, "hand to", note.hand_to)
    screen.blank()


def _row(screen: Screen, label: str, text: str) -> None:
    if screen.look.narrow:
        screen.paragraph(text, indent=4, label=f"{label}: ", hang=6)
    else:
        screen.paragraph(text, indent=4, label=label, hang=14)
