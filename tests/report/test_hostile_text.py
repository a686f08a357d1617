"""Text from outside, in every part of a review where it can stand, does nothing in any format but be shown."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from drawing import drawn
from markdown_it import MarkdownIt

from staff_review.nouns.findings import Fault, Gap, Review, Silenced, Step
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place
from staff_review.nouns.system import UNKNOWN, Edge, System
from staff_review.report import Checkout, Report
from staff_review.report.formats import FORMATS
from staff_review.report.tally import verdict_of

NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='x' </style> --> ]]> </details> "
    "%0A::error file=x::y\n::error file=x,line=1::forged\r\n##[error]forged\n::stop-commands::x "
    "\x1b[31m\x1b]0;title\x07\x9b31m \u202e\u2066\u200b\U000e0041 \udcff\ud800\uffff\x00 "
    "`code` ``two` | cell \\| [link](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example> "
    "https://evil.example www.evil.example @team #1 GH-2 {{ 7 * 7 }} {% raw %} &lt;b&gt; $x$ ~~gone~~ **bold** "
    "\n# heading\n- item\n```\nfence\n```\n| a | b |"
)
FORGED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\U000e0041]")


class Elements(HTMLParser):
    """The elements of a page and the attributes that could do something; the text that is seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.acts: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]
        self.acts += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(told_report: Report) -> Report:
    """The report with everything, and hostile text wherever code, a file's name or a model may put it."""
    review = told_report.review
    first, second, *_ = review.findings
    path = f"src/{NASTY}.py"
    place = Place(path, first.place.span)
    finding = msgspec.structs.replace(
        first,
        place=place,
        message=NASTY,
        instead=NASTY,
        trail=(Step(place, NASTY), Step(second.place, NASTY)),
        policy={"limit": NASTY + "limit"},
        scope=NASTY,
    )
    words = dict.fromkeys(("persona", "text", "scenario", "fix", "unseen", "hand_to", "quote"), NASTY)
    comments = tuple(msgspec.structs.replace(one, place=place, **words) for one in review.comments)
    verdict = msgspec.structs.replace(review.verdicts[0], finding=first.fingerprint, reason=NASTY, persona=NASTY)
    whole = review.architecture
    assert whole is not None
    assert review.persona is not None
    choice = msgspec.structs.replace(whole.trade_offs[0], choice=NASTY, gains=NASTY, costs=NASTY)
    named = {"persona": NASTY, "text": NASTY, "alternatives": (NASTY,), "edges": ((NASTY, NASTY),), "hand_to": NASTY}
    run = msgspec.structs.replace(review.persona, reason=NASTY, model=NASTY, host=NASTY, steering=(place,))
    bad = Review(
        findings=(finding, second),
        silenced=(Silenced(finding, "comment", NASTY),),
        comments=comments,
        verdicts=(verdict,),
        architecture=msgspec.structs.replace(whole, trade_offs=(choice,), **named),
        persona=run,
        gaps=(Gap(path, 3, NASTY), Gap(NASTY, 0, NASTY)),
        faults=(Fault("call-in-loop", NASTY),),
        notices=(NASTY,),
        hidden={"low confidence": 3},
    )
    settings = Settings(origin=NASTY)
    sources = {path: [NASTY.replace("\n", " ")] * 9, second.place.path: list(told_report.sources[second.place.path])}
    return msgspec.structs.replace(
        told_report,
        review=bad,
        settings=settings,
        sources=sources,
        command=NASTY,
        verdict=verdict_of(bad, "error"),
        system=System(edges=(Edge(NASTY, UNKNOWN, "sync", NASTY, topics=(NASTY,), evidence=(place,), because=NASTY),)),
        checkout=Checkout(name=NASTY, link="https://example.org/team/shop/blob/4f1c2aa/"),
    )


def texts(data: Any) -> list[str]:
    """Every text in plain data, keys too."""
    if isinstance(data, dict):
        return [text for pair in data.items() for part in pair for text in texts(part)]
    if isinstance(data, list):
        return [text for part in data for text in texts(part)]
    return [data] if isinstance(data, str) else []


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_writes_what_steers_a_terminal(form: str, hostile: Report) -> None:
    # Markdown parts a mention from its name with a space that is not seen; nothing else may write one.
    text = drawn(form, hostile).replace("\u200b", "") if form == "markdown" else drawn(form, hostile)
    assert "alert(1)" in text
    assert not FORGED.search(text)


@pytest.mark.parametrize("form", ["sarif", "gitlab", "rdjson"])
def test_no_text_that_a_host_shows_holds_it_either(form: str, hostile: Report) -> None:
    assert not [text for text in texts(json.loads(drawn(form, hostile))) if FORGED.search(text)]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_programs_get_it_as_it_was(form: str, hostile: Report) -> None:
    text = drawn(form, hostile)
    assert text.isascii()
    entries = [json.loads(line) for line in text.splitlines()] if form == "jsonl" else json.loads(text)
    assert hostile.review.findings[0].message in texts(entries)


def test_the_log_of_a_job_forges_no_command(hostile: Report) -> None:
    # As the runner reads it: a command starts a line, and between the guards only the guard is one.
    lines = drawn("github", hostile).split("\n")
    guard = lines[1].removeprefix("::stop-commands::")
    outside = lines[:2] + lines[lines.index(f"::{guard}::") :]
    commands = [line.split(" ")[0].split("::")[1] for line in outside if line]
    errors = 1 + len([one for one in hostile.review.findings if one.severity == "error"])
    assert commands == [
        "group", "stop-commands", guard, "endgroup", *["error"] * errors, "warning", *["notice"] * 2,
    ]  # fmt: skip
    assert lines.count(f"::{guard}::") == 1


def test_the_suite_is_still_one_document(hostile: Report) -> None:
    root = ET.fromstring(drawn("junit", hostile))
    assert {element.tag for element in root.iter()} == {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "error", "system-out",
    }  # fmt: skip


def test_the_page_has_no_element_of_theirs(hostile: Report, told_report: Report) -> None:
    ours, page = (Elements(drawn("html", report)) for report in (told_report, hostile))
    assert set(page.tags) <= set(ours.tags)
    assert page.tags.count("script") == 1
    assert page.tags.count("style") == 1
    assert not page.acts
    assert all(link.startswith(("#", "https://example.org/")) for link in page.links)
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text


def test_the_comment_has_no_element_of_theirs(hostile: Report) -> None:
    markdown = drawn("markdown", hostile)
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = Elements(parser.render(markdown))
    assert not {"script", "img", "s", "h1", "h2"} & set(page.tags)
    assert page.tags.count("details") == markdown.count("<details>") == 4
    # A row for each finding, and one for the choice in the system as a whole.
    assert page.tags.count("tr") == 1 + len(hostile.review.findings) + 1 + 1
    assert page.tags.count("td") == 2 * len(hostile.review.findings) + 3
    assert all(link.startswith("https://example.org/") for link in page.links)


def test_the_comment_calls_nobody(hostile: Report) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    # What is in code is not read by GitHub for names and numbers.
    prose = re.sub(r"<(code|pre)[ >].*?</\1>", "", parser.render(drawn("markdown", hostile)), flags=re.DOTALL)
    text = Elements(prose).text
    assert "team" in text
    assert not re.search(r"@\w|(?<!&)#\d|GH-\d|://\w|www\.\w", text)


@pytest.mark.parametrize("tail", ["\\", "`", "|", "\\|", "``", "` |", "<!--", "[", "\\`"])
def test_no_end_of_a_text_reaches_out_of_its_cell(tail: str, told_report: Report) -> None:
    findings = tuple(
        msgspec.structs.replace(one, message=f"`call{tail}` waits {tail}", place=Place(f"a{tail}", one.place.span))
        for one in told_report.review.findings[:2]
    )
    report = msgspec.structs.replace(told_report, review=Review(findings=findings))
    page = Elements(MarkdownIt("commonmark", {"html": True}).enable("table").render(drawn("markdown", report)))
    assert page.tags.count("td") == 4
    assert page.tags.count("details") == 2
