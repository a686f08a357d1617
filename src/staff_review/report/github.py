"""GitHub Actions: every finding in the log, the gravest as annotations at their lines, and the summary of the job."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from typing import TextIO

import msgspec

from ..nouns.findings import Comment, Finding
from ..nouns.settings import Severity
from . import Report, concise, markdown
from .look import clean
from .places import columns_of, in_repository, lines_of
from .ranking import ranked
from .remarks import doubts, in_words, said_of, title_of
from .tally import counted, found, listed

MOST = 10
"""So many annotations of each kind GitHub keeps from one step; it drops the others without a word."""

MOST_COMMENTS = 3
"""So many remarks of a persona are annotations; all are in the summary."""

SUMMARY_LIMIT = 1_000_000
"""A job summary may have 1 MiB; this many characters of ours, of which few are not ASCII, stay below."""

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


class Annotation(msgspec.Struct, frozen=True):
    """One workflow command that shows a message, at a place or at none."""

    command: str
    title: str
    message: str
    properties: dict[str, str] = {}

    def __str__(self) -> str:
        properties = {**self.properties, "title": self.title}
        named = ",".join(f"{name}={escaped_property(value)}" for name, value in properties.items())
        return f"::{self.command} {named}::{escaped_message(self.message)}"


def render(report: Report, stream: TextIO) -> None:
    """Write the full list as a folded group, in which no line is taken for a command, and then the annotations."""
    listing = io.StringIO()
    concise.render(report, listing)
    concise.render_summary(report, listing)
    text = listing.getvalue()
    # No text can hold its own digest, so nothing in it can end the guard.
    guard = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    stream.write(f"::group::staff-review: {escaped_message(found(report.review))}\n")
    stream.write(f"::stop-commands::{guard}\n{text}::{guard}::\n::endgroup::\n")
    stream.writelines(f"{annotation}\n" for annotation in annotations_of(report))


def render_summary(report: Report, stream: TextIO) -> None:
    """Write the job summary, for the file that GITHUB_STEP_SUMMARY names."""
    markdown.render(report, stream, SUMMARY_LIMIT)


def annotations_of(report: Report) -> list[Annotation]:
    """At most ten of a kind, the gravest and surest first; if any is left out, the last notice says how many."""
    review = report.review
    lines, beside = lines_of(report.sources), doubts(review)
    kinds: dict[str, list[Annotation]] = {command: [] for command in _COMMANDS.values()}
    kinds["error"] += [
        Annotation("error", "staff-review", clean(f"{fault.check} failed, and its findings are missing: {fault.error}"))
        for fault in review.faults
    ]
    kinds["notice"] += [
        Annotation("notice", clean(title_of(comment)), _lines(in_words(comment)), _at(comment, report, lines))
        for comment in review.comments[:MOST_COMMENTS]
    ]
    for finding in ranked(review.findings):
        said = [said_of(verdict) for verdict in beside.get(finding.fingerprint, ())]
        message = _lines("\n".join([finding.message, f"Instead: {finding.instead}", *_trail(finding), *said]))
        command = _COMMANDS[finding.severity]
        kinds[command].append(Annotation(command, finding.rule, message, _at(finding, report, lines)))
    return _within_limits(kinds)


def _within_limits(kinds: dict[str, list[Annotation]]) -> list[Annotation]:
    cut = [f"{MOST} of {counted(len(found), command)}" for command, found in kinds.items() if len(found) > MOST]
    if not cut:
        return [annotation for found in kinds.values() for annotation in found]
    # The word about what is missing is a notice itself.
    room = {command: MOST - (command == "notice") for command in kinds}
    shown = [annotation for command, found in kinds.items() for annotation in found[: room[command]]]
    most = len(kinds["notice"])
    if most > MOST - 1:
        cut = [part for part in cut if not part.endswith("notices")] + [f"{MOST - 1} of {counted(most, 'notice')}"]
    text = f"GitHub shows {listed(cut)} of this step. The log of the step has them all."
    return [*shown, Annotation("notice", "staff-review", text)]


def escaped_message(text: str) -> str:
    """The text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """The text as the value of a property of a workflow command."""
    return escaped_message(text).replace(":", "%3A").replace(",", "%2C")


def _at(said: Finding | Comment, report: Report, lines: Callable[[str], Sequence[str]]) -> dict[str, str]:
    place = said.place
    start, end = columns_of(place.span, lines(place.path))
    return {
        "file": clean(in_repository(place.path, report.checkout.prefix)),
        "line": str(place.line),
        "endLine": str(place.line),
        "col": str(start),
        "endColumn": str(end),
    }


def _trail(finding: Finding) -> list[str]:
    if len(finding.trail) < 2:
        return []
    return ["Reached by:", *(f"{step.text} ({step.place})" for step in finding.trail)]


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n"))
