"""Markdown for a comment: what it shows first, and how it keeps to the length that a host takes."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from drawing import compare, drawn
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from staff_review.nouns.findings import Review
from staff_review.report import Checkout, Report, markdown
from staff_review.report.markdown_text import code, fenced, plain

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PRINTED = st.text(st.characters(min_codepoint=32, max_codepoint=126))


def inner(markdown: str) -> str:
    """The text of one paragraph as a reader sees it."""
    html = PARSER.render(f"x {markdown}").removeprefix("<p>x").strip().removesuffix("</p>").strip()
    assert not re.search("<(?!/?code>)", html), html
    return (
        re.sub("<[^>]*>", "", html)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


@given(PRINTED)
def test_plain_text_is_read_as_it_was_written(text: str) -> None:
    assert inner(plain(text)).replace("\u200b", "") == text.strip()


@given(PRINTED.filter(str.strip))
def test_code_is_read_as_it_was_written(text: str) -> None:
    assert inner(code(text)).strip() == text.strip()


@given(PRINTED, st.sampled_from([code, plain]))
def test_nothing_ends_a_cell(text: str, shown: object) -> None:
    cell = code(text, in_table=True) if shown is code else plain(text)
    html = PARSER.render(f"| a | b |\n| --- | --- |\n| {cell} | end |")
    assert html.count("<td>") == 2
    assert "<td>end</td>" in html


@given(st.lists(PRINTED))
def test_nothing_ends_a_block_of_code(lines: list[str]) -> None:
    html = PARSER.render(fenced(lines) + "\n\nafter")
    assert html.count("<pre>") == 1
    assert html.endswith("<p>after</p>\n")


def test_a_whole_comment(told_report: Report) -> None:
    compare("markdown", drawn("markdown", told_report), "md")


def test_a_clean_run_is_two_lines(clean_review: Review, report_of: object) -> None:
    assert drawn("markdown", report_of(clean_review)) == (  # type: ignore[operator]
        "### staff-review: no findings\n\n<sub>12 files · 480 lines · 0.1 s · exit 0: nothing at or above error · "
        "no settings file, built-in defaults · staff-review 0.1.0</sub>\n\n"
    )


def test_places_are_links_where_the_host_is_known(told_report: Report) -> None:
    below = msgspec.structs.replace(told_report.checkout, prefix="services/a b/")
    linked = drawn("markdown", msgspec.structs.replace(told_report, checkout=below))
    path = told_report.review.findings[0].place.path
    assert f"](https://example.org/team/dispatch/blob/4f1c2aa/services/a%20b/{path}#L8)" in linked
    assert "](" not in drawn("markdown", msgspec.structs.replace(told_report, checkout=Checkout()))


@pytest.mark.parametrize("limit", [400, 3_000, 20_000, 65_536])
def test_a_comment_is_never_longer_than_its_host_takes(told_report: Report, limit: int) -> None:
    findings = told_report.review.findings * 40
    many = msgspec.structs.replace(told_report, review=msgspec.structs.replace(told_report.review, findings=findings))
    stream = io.StringIO()
    markdown.render(many, stream, limit)
    text = stream.getvalue()
    assert len(text) <= limit
    assert text.startswith("### staff-review: 560 errors and 40 warnings in 13 files")
    assert ("did not fit here" in text) is (limit < 20_000)


def test_one_overlong_name_does_not_push_the_others_out(told_report: Report) -> None:
    long = msgspec.structs.replace(told_report.review.findings[0], message="x" * 70_000, severity="note")
    review = Review(findings=(*told_report.review.findings[:2], long))
    text = drawn("markdown", msgspec.structs.replace(told_report, review=review))
    assert len(text) < markdown.COMMENT_LIMIT
    assert "The keys are fetched on each request" in text
