"""What the review of a change says besides its findings: against what, what is elsewhere, what is fixed, what stood."""

from __future__ import annotations

from ..findings import Finding, Introduced, Review
from ..source import Place
from .tally import counted

ELSEWHERE = "Caused by this change, elsewhere"
"""The heading over findings in files that the change does not touch."""

_SHORT = 9


def against(introduced: Introduced) -> str:
    """What the change is, and against what it is held."""
    commit = introduced.commit[:_SHORT]
    subject = "staged" if introduced.staged else "changed"
    files = f"{counted(introduced.files, 'file')} {subject}"
    if not commit:
        return f"{files}, before the first commit"
    if introduced.since in ("", "HEAD"):
        return f"{files} against HEAD, {commit}"
    return f"{files} since {commit}, where HEAD left {introduced.since}"


def parts(review: Review) -> list[tuple[str, tuple[Finding, ...]]]:
    """The findings under their headings; a review of no change has one part without a heading."""
    introduced = review.introduced
    if introduced is None:
        return [("", review.findings)]
    here = tuple(one for one in review.findings if one.fingerprint not in introduced.elsewhere)
    elsewhere = tuple(one for one in review.findings if one.fingerprint in introduced.elsewhere)
    named = [("New in this change", here), (ELSEWHERE, elsewhere)]
    return [(f"{title} ({len(found):,})", found) for title, found in named if found]


def causes(review: Review, finding: Finding) -> tuple[Place, ...]:
    """The places of the change through which a finding came about, none where that need not be said."""
    return review.introduced.because.get(finding.fingerprint, ()) if review.introduced else ()


def because(review: Review, finding: Finding) -> str:
    """These places in words, "" for none."""
    return ", ".join(map(str, causes(review, finding)))


def map_lines(introduced: Introduced) -> list[str]:
    """What the change does to the map, an edge a line: "+ checkout -> fraud, grpc"."""
    return [
        f"{sign} {source} -> {target}, {protocol}"
        for sign, edges in (("+", introduced.edges_new), ("-", introduced.edges_gone))
        for source, target, protocol in sorted(edges)
    ]
