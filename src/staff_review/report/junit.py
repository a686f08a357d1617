"""JUnit's XML, for CI systems that show test results: a finding that fails the run is a failure, others are skipped."""

from __future__ import annotations

from typing import TextIO
from xml.etree import ElementTree as ET

from ..nouns.findings import Finding, Review
from ..nouns.settings import SEVERITIES
from . import Report
from .look import clean
from .remarks import in_words, run_line, title_of
from .tally import counted


def render(report: Report, stream: TextIO) -> None:
    """Write one suite a family; a clean run has one case that passed, so that nobody takes the file for empty."""
    root = ET.Element("testsuites", name="staff-review", time=f"{report.review.figures.seconds:.3f}")
    for family in sorted({finding.family for finding in report.review.findings}):
        suite = ET.SubElement(root, "testsuite", name=family)
        for finding in report.review.findings:
            if finding.family == family:
                _finding(suite, finding, report)
    _others(root, report.review)
    if not len(root):
        suite = ET.SubElement(root, "testsuite", name="staff-review")
        _case(suite, "staff-review", f"no findings in {counted(report.review.figures.files, 'file')}")
    for suite in root:
        _count(suite)
    _total(root)
    ET.indent(root)
    text = ET.tostring(root, encoding="us-ascii", xml_declaration=False)
    # In ASCII with character references, whatever the stream's encoding is.
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text.decode()}\n')


def _finding(suite: ET.Element, finding: Finding, report: Report) -> None:
    place = finding.place
    case = _case(suite, finding.rule, f"{finding.rule} {place}:{place.span.column}", place.path, place.line)
    fails = SEVERITIES.index(finding.severity) >= SEVERITIES.index(report.settings.fail_on)
    outcome = ET.SubElement(case, "failure" if fails else "skipped", type=finding.severity)
    outcome.set("message", clean(finding.message))
    trail = [f"{step.text} ({step.place})" for step in finding.trail] if len(finding.trail) > 1 else []
    outcome.text = _lines(
        [finding.message, f"at {place}", *trail, f"Why: {finding.why}", f"Instead: {finding.instead}"]
    )


def _others(root: ET.Element, review: Review) -> None:
    """What is no finding: our own faults are errors, gaps are skipped, a persona's remarks are text."""
    if review.faults or review.gaps:
        suite = ET.SubElement(root, "testsuite", name="staff-review")
        for fault in review.faults:
            case = _case(suite, "staff-review", fault.check)
            ET.SubElement(case, "error", type="fault", message=clean(fault.error))
        for gap in review.gaps:
            where = f"{gap.path}:{gap.line}" if gap.line else gap.path
            case = _case(suite, "not-looked-at", f"{where} {gap.reason}", gap.path, gap.line)
            ET.SubElement(case, "skipped", type="gap", message=clean(gap.reason))
    if review.comments or review.persona:
        suite = ET.SubElement(root, "testsuite", name="opinions")
        said = [f"{title_of(comment)}\nat {comment.place}\n{in_words(comment)}\n" for comment in review.comments]
        run = [run_line(review.persona)] if review.persona else []
        ET.SubElement(suite, "system-out").text = _lines([*said, *run])


def _case(suite: ET.Element, group: str, name: str, path: str = "", line: int = 0) -> ET.Element:
    case = ET.SubElement(suite, "testcase", classname=group, name=clean(name))
    if path:
        case.set("file", clean(path))
    if line:
        case.set("line", str(line))
    return case


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for counted_as, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(counted_as, str(len(suite.findall(f"testcase/{outcome}"))))


def _total(root: ET.Element) -> None:
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))


def _lines(texts: list[str]) -> str:
    return "\n".join(clean(line) for text in texts for line in text.split("\n"))
