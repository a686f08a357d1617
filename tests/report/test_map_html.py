"""The page of the map: one file without a network, alive in a browser, whole without scripts, safe with any name."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from browser import PROGRAM, Browser

from staff_review.nouns.findings import Finding, Step
from staff_review.nouns.journeys import Policy
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import Call, Edge, Endpoint, External, Service, Store, System
from staff_review.report import map_html

HOSTILE = (
    "a\"]'</script><script>document.title='lost'</script><img src=x onerror=a()>\u202e\x1b[31m &amp; {{ 7*7 }} \u2028"
)
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="needs chromium")


def at(path: str, line: int) -> Place:
    return Place(path, Span(line, 1, line, 20))


def call(place: Place, policy: Policy, path: str = "/levels") -> Call:
    return Call(place, "requests.get", ("POST /orders",), "GET", path, policy, looped=True)


def edge(source: str, target: str, policy: Policy, place: Place, kind: Any = "sync", **more: Any) -> Edge:
    return Edge(source, target, kind, "http", (call(place, policy),), policy, (place,), **more)


SYSTEM = System(
    services=(
        Service("orders", path="orders", endpoints=(Endpoint("POST /orders", "http", at("orders/app.py", 7)),)),
        Service("stock", path="stock"),
        Service(HOSTILE, role="gateway"),
    ),
    stores=(Store("db", "postgresql"),),
    externals=(External("api.example.com"),),
    edges=(
        edge("orders", "stock", Policy("unbounded", attempts=1), at("orders/app.py", 12)),
        edge("orders", "db", Policy(), at("orders/app.py", 15), "store"),
        edge(HOSTILE, "orders", Policy("bounded", 3.0, 2), at("nginx.conf", 3)),
        edge("stock", "?", Policy(), at("stock/app.py", 1), because="`X` is set nowhere"),
    ),
)
FINDING = Finding(
    "missing-timeout", "timeouts", at("orders/app.py", 12), "error", "high", "`requests.get` can wait for ever.",
    "why", "instead", "0" * 16, trail=(Step(at("orders/app.py", 12), "here"),),
)  # fmt: skip


def page_of(system: System, findings: Sequence[Finding] = (), service: str = "") -> str:
    stream = io.StringIO()
    map_html.render(system, findings, stream, service)
    return stream.getvalue()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "map.html"
    path.write_text(page_of(SYSTEM, [FINDING]), "utf-8")
    return path


def middle_of(element: str) -> str:
    """Where the middle of a node or an edge stands in the window."""
    return (
        "(() => { const graph = document.getElementById('graph'); const box = graph.getBoundingClientRect();"
        f" const one = graph._cyreg.cy.getElementById('{element}');"
        " const at = one.isNode() ? one.renderedPosition() : one.renderedMidpoint();"
        " return [box.x + at.x, box.y + at.y]; })()"
    )


def panel(browser: Browser) -> str:
    return str(browser.value("document.getElementById('panel').innerText"))


@needs_browser
def test_a_click_on_an_edge_tells_sites_policy_and_findings(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.click(*browser.value(middle_of("e0")))
    told = panel(browser)
    assert told.startswith("orders \u2192 stock")
    for part in (
        "can wait for ever",
        "missing-timeout",
        "Sites (1)",
        "GET /levels",
        "once per item",
        "orders/app.py:12",
    ):
        assert part in told
    assert browser.value("document.getElementById('graph')._cyreg.cy.$('.chosen').map((one) => one.id())") == ["e0"]


@needs_browser
def test_a_click_on_a_node_tells_its_endpoints_and_beside_it_what_there_is(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.click(*browser.value(middle_of("n0")))
    told = panel(browser)
    for part in ("Offers (1)", "POST /orders", "orders/app.py:7", "Calls (2)", "Called by (1)", "missing-timeout"):
        assert part in told
    browser.value("document.querySelector('#panel .go').click()")
    assert panel(browser).startswith("orders \u2192 stock")
    browser.value("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))")
    assert panel(browser).startswith("Click a service or a line")


@needs_browser
def test_a_name_is_found_and_parts_are_hidden(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.value(
        "(() => { const find = document.getElementById('find'); find.value = 'STOCK';"
        " find.dispatchEvent(new Event('change')); })()"
    )
    assert panel(browser).startswith("stock")
    browser.value("document.getElementById('show-store').click()")
    hidden = browser.value("document.getElementById('graph')._cyreg.cy.$('.away').map((one) => one.id())")
    assert sorted(hidden) == ["e1", "n2"]


def unknown_calls(number: int) -> System:
    """A service with so many calls to peers that nobody knows, and one to a peer that is known."""
    services = tuple(Service(f"service-{one}") for one in range(number + 1))
    lost = tuple(
        edge(f"service-{one}", "?", Policy(), at("x.py", one + 1), because="`X` is set nowhere")
        for one in range(number)
    )
    return System(services, edges=(*lost, edge("service-0", f"service-{number}", Policy(), at("x.py", 99))))


AWAY = "document.getElementById('graph')._cyreg.cy.edges('.away').length"
SHOWS_UNKNOWN = "document.getElementById('show-unknown').checked"


@needs_browser
@pytest.mark.parametrize(("number", "hidden"), [(12, 0), (13, 13)])
def test_calls_to_unknown_peers_are_hidden_where_they_are_many_and_shown_on_demand(
    browser: Browser, tmp_path: Path, number: int, hidden: int
) -> None:
    path = tmp_path / "map.html"
    path.write_text(page_of(unknown_calls(number)), "utf-8")
    browser.open(path)
    assert (browser.value(SHOWS_UNKNOWN), browser.value(AWAY)) == (not hidden, hidden)
    browser.value("document.getElementById('show-unknown').click()")
    assert (browser.value(SHOWS_UNKNOWN), browser.value(AWAY)) == (bool(hidden), number - hidden)
    browser.value("document.getElementById('show-unknown').click()")
    assert browser.value(AWAY) == hidden


@needs_browser
def test_what_is_hidden_is_shown_when_it_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text(page_of(unknown_calls(13)), "utf-8")
    browser.open(path)
    browser.value(
        "(() => { const find = document.getElementById('find'); find.value = '?';"
        " find.dispatchEvent(new Event('change')); })()"
    )
    assert panel(browser).startswith("?")
    assert (browser.value(SHOWS_UNKNOWN), browser.value(AWAY)) == (True, 0)


CROSSED = """
(() => {
  const cy = document.getElementById('graph')._cyreg.cy;
  const crosses = (from, to, box) => {
    for (let step = 0; step <= 200; step += 1) {
      const x = from.x + (to.x - from.x) * step / 200, y = from.y + (to.y - from.y) * step / 200;
      if (x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2) return true;
    }
    return false;
  };
  const found = [];
  cy.edges().forEach((edge) => {
    const points = [edge.sourceEndpoint(), ...(edge.segmentPoints() || []), edge.targetEndpoint()];
    cy.nodes().difference(edge.connectedNodes()).forEach((node) => {
      const box = node.boundingBox({ includeLabels: false });
      if (points.slice(1).some((point, at) => crosses(points[at], point, box))) found.push([edge.id(), node.id()]);
    });
  });
  return [found, cy.edges('.routed').map((edge) => edge.id())];
})()
"""


@needs_browser
def test_a_line_past_other_services_goes_around_their_boxes(browser: Browser, tmp_path: Path) -> None:
    chain = [f"service-{number}" for number in range(5)]
    pairs = [*itertools.pairwise(chain), (chain[0], chain[4]), (chain[0], chain[3]), (chain[1], chain[4])]
    edges = tuple(edge(source, target, Policy(), at("x.py", line)) for line, (source, target) in enumerate(pairs, 1))
    path = tmp_path / "map.html"
    path.write_text(page_of(System(tuple(Service(name) for name in chain), edges=edges)), "utf-8")
    browser.open(path)
    crossed, routed = browser.value(CROSSED)
    assert crossed == []
    assert {"e4", "e5", "e6"} <= set(routed)


@needs_browser
def test_the_page_moves_zooms_and_asks_no_network(browser: Browser, page: Path) -> None:
    browser.open(page)
    before = browser.value("document.getElementById('graph')._cyreg.cy.zoom()")
    browser.value("document.getElementById('zoom-in').click()")
    assert browser.value("document.getElementById('graph')._cyreg.cy.zoom()") > before
    assert browser.value("document.title") == "Service map"
    assert browser.said == []


@needs_browser
def test_without_scripts_there_is_a_drawing_and_a_table(tmp_path: Path, page: Path) -> None:
    with Browser(tmp_path / "profile") as browser:
        browser.open(page, scripts=False)
        shown = (
            "[...document.querySelectorAll('#still svg, #table td, #stage, #tools')]"
            ".filter((one) => one.getBoundingClientRect().width).map((one) => one.id || one.tagName)"
        )
        found = browser.value(shown)
        assert {"svg", "TD"} == set(found)
        assert "orders/app.py:12" in browser.value("document.getElementById('table').innerText")


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_large_map_is_drawn_in_either_theme(tmp_path: Path, dark: bool) -> None:
    services = tuple(Service(f"service-{number}") for number in range(300))
    edges = tuple(
        edge(
            f"service-{number}",
            f"service-{(number * step + step) % 300}",
            Policy("bounded", 1.0),
            at("x.py", number + 1),
        )
        for number in range(300)
        for step in (2, 7, 13)
        if number != (number * step + step) % 300
    )
    path = tmp_path / "map.html"
    path.write_text(page_of(System(services, edges=edges)), "utf-8")
    with Browser(tmp_path / "profile", dark=dark) as browser:
        browser.open(path)
        assert browser.value("document.getElementById('graph')._cyreg.cy.nodes().length") == 300
        ground = browser.value("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(21, 24, 28)" if dark else "rgb(255, 255, 255)")
        assert browser.said == []


def test_no_name_leaves_its_place() -> None:
    page = page_of(SYSTEM, [FINDING])
    assert page.count("<script") == page.count("</script>") == 4
    assert "document.title='lost'</script>" not in page
    assert "<img" not in page
    assert not {"\x1b", "\u202e", "\u2028"} & {*page}
    (data,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert "{{ 7*7 }}" in json.loads(data)["nodes"][-2]["name"] + json.loads(data)["nodes"][3]["name"]


def test_only_our_scripts_may_run() -> None:
    page = page_of(SYSTEM)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(scripts) == 3
    assert all(f"'sha256-{digest}'" in policy for digest in digests)
    assert "default-src 'none'" in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_no_system_is_one_clear_line() -> None:
    page = page_of(System())
    assert "No system found" in page
    assert "<table>" not in page


def test_one_service_alone() -> None:
    page = page_of(SYSTEM, service="stock")
    (data,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert [one["name"] for one in json.loads(data)["nodes"]] == ["orders", "stock", "?"]
