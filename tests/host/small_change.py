"""A change of one line, and what a review may say of it."""

from __future__ import annotations

from staff_review.nouns.findings import Comment, Finding
from staff_review.nouns.settings import Severity
from staff_review.nouns.source import Place, Span

PEERS = "shop/peers.py"
BEFORE = {PEERS: "\n".join(f"line_{number} = {number}" for number in range(1, 41)) + "\n"}
AFTER = {PEERS: BEFORE[PEERS].replace("line_20 = 20", "answer = session.get(PEER)")}


def finding(
    line: int = 20, fingerprint: str = "1" * 16, *, path: str = PEERS, severity: Severity = "error", rule: str = ""
) -> Finding:
    """A finding as triage words it."""
    return Finding(
        rule or "missing-timeout", "timeouts", Place(path, Span(line, 10, line, 27)), severity, "high",
        "`session.get` can wait for ever: requests sets no limit of its own",
        "The caller stays held for as long as the peer stalls.", "Pass a limit: `timeout=(3.05, 10)`.", fingerprint,
    )  # fmt: skip


def opinion(line: int = 20, fingerprint: str = "e" * 16) -> Comment:
    """A persona's remark."""
    return Comment(
        Place(PEERS, Span(line, 1, line, 9)), "backend-staff", "Every request asks this peer.", fingerprint=fingerprint,
        quote="answer = session.get(PEER)", scenario="The peer stalls; so does the shop.",
    )  # fmt: skip
