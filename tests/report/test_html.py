"""The page: one file, no network, whole without scripts; what a reader finds beside what."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
from drawing import compare, drawn

from staff_review.nouns.findings import Review
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import UNKNOWN, Edge, Policy, System
from staff_review.report import Report
from staff_review.report.html_system import edges_of
from staff_review.report.html_view import OPEN_PER_RULE, Views

VOID = {"meta", "input", "wbr", "rect"}


class Page(HTMLParser):
    """The elements of a page, each with its attributes and the ids around it; fails where one is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a kind that have these."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}.items()
        return [attrs for name, attrs in self.elements if name == tag and wanted <= attrs.items()]


def body(html: str) -> str:
    """The page without its style and script."""
    return re.sub(r"(<(style|script)>).*?(</\2>)", r"\1\3", html, flags=re.DOTALL)


def test_a_whole_page(told_report: Report) -> None:
    few = msgspec.structs.replace(told_report.review, findings=told_report.review.findings[:4])
    compare("html", body(drawn("html", msgspec.structs.replace(told_report, review=few))), "html")


def test_a_clean_run_is_a_page_too(clean_review: Review, report_of: Any) -> None:
    page = Page(drawn("html", report_of(clean_review)))
    assert not page.of("details")
    assert not page.of("form")


def test_the_page_needs_nothing_from_anywhere(told_report: Report) -> None:
    html = drawn("html", told_report)
    page = Page(html)
    assert not {"link", "img", "iframe", "object", "embed"} & {tag for tag, _ in page.elements}
    assert not [attrs for _, attrs in page.elements if "src" in attrs or "srcset" in attrs]
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", html)


def test_only_its_own_script_may_run(told_report: Report) -> None:
    html = drawn("html", told_report)
    (script,) = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (attrs["content"] for attrs in Page(html).of("meta", http_equiv="Content-Security-Policy"))
    assert f"script-src 'sha256-{digest}'" in str(policy)
    assert "default-src 'none'" in str(policy)


def test_without_scripts_all_is_there_and_no_filter_pretends(told_report: Report) -> None:
    page = Page(drawn("html", told_report))
    assert [attrs["hidden"] for attrs in page.of("form", id="filters")] == [None]
    findings = page.of("details", class_="finding")
    assert len(findings) == len(told_report.review.findings)
    assert not [attrs for attrs in findings if "hidden" in attrs]


def test_the_first_of_each_rule_are_open(told_report: Report) -> None:
    findings = Page(drawn("html", told_report)).of("details", class_="finding", data_rule="missing-timeout")
    opened = ["open" in attrs for attrs in findings]
    assert len(opened) > OPEN_PER_RULE
    assert opened == [True] * OPEN_PER_RULE + [False] * (len(opened) - OPEN_PER_RULE)


def test_every_link_inside_the_page_leads_somewhere(told_report: Report) -> None:
    page = Page(drawn("html", told_report))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    inner = [str(attrs["href"]) for attrs in page.of("a") if str(attrs["href"]).startswith("#")]
    assert {link[1:] for link in inner} <= set(ids)


def test_a_remark_stands_beside_its_finding_and_another_alone(told_report: Report) -> None:
    views = Views(told_report)
    beside = {finding.anchor: finding.remarks for chapter in views.chapters() for finding in chapter.findings}
    first = told_report.review.findings[0]
    told = {anchor: [remark.text for remark in remarks] for anchor, remarks in beside.items() if remarks}
    assert told == {f"missing-timeout-{first.fingerprint}": [told_report.review.comments[0].text]}
    assert [remark.text for remark in views.lone_remarks()] == [told_report.review.comments[1].text]


def test_the_gravest_rule_comes_first(told_report: Report) -> None:
    assert [(chapter.rule, chapter.counts["error"]) for chapter in Views(told_report).chapters()] == [
        ("missing-timeout", 14),
        ("uncached-remote-config", 0),
    ]


def marked(report: Report, span: Span) -> list[str]:
    """What a reader sees marked of a span in the first file."""
    finding = msgspec.structs.replace(
        report.review.findings[0], place=Place(report.review.findings[0].place.path, span)
    )
    chapters = Views(msgspec.structs.replace(report, review=Review(findings=(finding,)))).chapters()
    return [line.marked for line in chapters[0].findings[0].frame if line.marked]


def test_what_a_finding_is_about_is_marked(told_report: Report) -> None:
    assert marked(told_report, Span(8, 16, 8, 28)) == ["requests.get"]
    assert marked(told_report, Span(3, 7, 4, 13)) == [
        "PKCEAuthProviderPlugin(AuthenticationProviderPlugin):",
        "def get_",
    ]
    assert marked(told_report, Span(99, 1, 99, 2)) == []


def test_a_map_is_shown_where_there_is_one(told_report: Report) -> None:
    drawing = '<svg viewBox="0 0 10 10"><title>two services</title></svg>'
    html = drawn("html", msgspec.structs.replace(told_report, service_map=drawing))
    assert drawing in html
    assert 'href="#map"' in html
    assert "Service map" not in drawn("html", told_report)


def test_the_system_is_a_table_too(told_report: Report) -> None:
    here = told_report.review.findings[0].place
    bounded, endless = Policy("bounded", 3.0, 2, breaker=True), Policy("unbounded", endless=True)
    edges = (
        Edge("web", "payment", "sync", "http", policy=bounded, evidence=(here,)),
        Edge("web", "orders", "async", "amqp", topics=("orders.new",)),
        Edge("web", UNKNOWN, "sync", "grpc", policy=endless, because="the address is read at run time"),
        Edge("web", "jaeger", "sync", "otlp", side="infra"),
    )
    assert [(edge.target, edge.how, edge.limit, edge.bounded) for edge in edges_of(System(edges=edges))] == [
        ("payment", "http, waits", "3 s, 2 attempts, breaker", True),
        ("orders", "amqp, does not wait, orders.new", "", True),
        ("unknown: the address is read at run time", "grpc, waits", "no limit, repeats without end", False),
    ]
    html = drawn("html", msgspec.structs.replace(told_report, system=System(edges=edges)))
    assert "Who calls whom (3)" in html
    assert '<td class="error">no limit, repeats without end</td>' in html


def test_five_hundred_findings_are_below_a_megabyte(told_report: Report) -> None:
    first = told_report.review.findings[0]
    many = tuple(msgspec.structs.replace(first, fingerprint=f"{number:016x}") for number in range(500))
    report = msgspec.structs.replace(told_report, review=Review(findings=many))
    assert len(drawn("html", report).encode()) < 1_000_000
