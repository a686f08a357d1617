"""What the review of a change says besides its findings: against what, what is elsewhere, what is fixed, what stood."""

from __future__ import annotations

from ..nouns.findings import Finding, Introduced, Review
from ..nouns.map_changes import EdgeChange, MapChange, WaitChange
from ..nouns.source import Place
from .map_words import policies_in_words, wait_in_words
from .tally import counted

ELSEWHERE = "Caused by this change, elsewhere"
"""The heading over findings in files that the change does not touch."""

_SHORT = 9


def against(introduced: Introduced) -> str:
    """What the change is, and against what it is held."""
    commit = introduced.commit[:_SHORT]
    subject = "staged" if introduced.staged else "changed"
    files = f"{counted(introduced.files, 'file')} {subject}"
    return f"{_since(introduced, files, commit)}{_near(introduced)}"


def _near(introduced: Introduced) -> str:
    """That only a part of the code was linked, "" where it was all of it."""
    if introduced.linked is None:
        return ""
    return (
        f"; only the {counted(introduced.linked, 'file')} nearest to it linked"
        if introduced.linked
        else "; no code is near it"
    )


def _since(introduced: Introduced, files: str, commit: str) -> str:
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


def map_lines(change: MapChange) -> list[str]:
    """What a change does to the map, an edge or an entry point a line: "+ checkout -> fraud, grpc, 2 s"."""
    return [*(_edge_line(edge) for edge in change.edges), *(_wait_line(wait) for wait in change.waits)]


def _edge_line(edge: EdgeChange) -> str:
    sign = "+" if edge.added else "-" if edge.removed else "~"
    before, after = policies_in_words(edge.before), policies_in_words(edge.after)
    words = after if edge.added else before if edge.removed else f"{before} -> {after}" if before != after else ""
    topics = " ".join(edge.topics)
    return (
        f"{sign} {edge.source} -> {edge.target}, {', '.join(part for part in (edge.protocol, topics, words) if part)}"
    )


def _wait_line(wait: WaitChange) -> str:
    request = f"{wait.service} {wait.endpoint}".rstrip()
    return f"~ {request} waits at worst: {wait_in_words(wait.before)} -> {wait_in_words(wait.after)}"
