"""Drawings of the map: safe with any name, stable, and refused where nobody could draw them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from staff_review.nouns.errors import UsageError
from staff_review.nouns.journeys import Policy
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import Call, Edge, External, Service, Store, System
from staff_review.report import map_dot, map_json, map_mermaid, map_svg, map_text
from staff_review.report.look import Look

HOSTILE = 'a"]-->b\n<script>alert(1)</script>\x1b[31m end #quot;'
PLACE = Place("shop.py", Span(3, 1, 3, 9))


def edge(source: str, target: str, kind: str = "sync", **more: object) -> Edge:
    one = Call(PLACE, "get", ("GET /",), "GET", "/x", Policy("unbounded", attempts=1))
    return Edge(source, target, kind, "http", (one,), one.policy, (PLACE,), **more)  # type: ignore[arg-type]


SYSTEM = System(
    services=(Service(HOSTILE), Service("stock", role="gateway"), Service("alone")),
    stores=(Store("end", "redis"),),
    externals=(External("api.example.com"),),
    edges=(
        edge(HOSTILE, "stock"),
        edge("stock", "end", "store"),
        edge("stock", "end", "async", role="consume", topics=("orders",)),
        edge("stock", "api.example.com"),
        edge("stock", "?", because="nobody knows"),
    ),
)


def text_of(render: object, *arguments: object) -> str:
    stream = io.StringIO()
    render(SYSTEM, stream, *arguments)  # type: ignore[operator]
    return stream.getvalue()


def test_the_text_names_everything_and_no_control_character_gets_through() -> None:
    text = text_of(map_text.render, Look(width=100, unicode=True))
    assert "\x1b" not in text
    assert "takes from" in text or "consume orders" in text
    assert "nobody knows" in text
    assert "alone" in text
    assert text_of(map_text.render, Look(width=40, unicode=False)).isascii()


def test_one_service_is_shown_alone() -> None:
    text = text_of(map_text.render, Look(width=100), "stock")
    assert "alone" not in text
    assert "api.example.com" in text


def test_no_system_is_one_clear_line() -> None:
    stream = io.StringIO()
    map_text.render(System(), stream, Look())
    assert stream.getvalue().startswith("No system found")
    assert stream.getvalue().count("\n") == 1
    assert not map_svg.drawing_of(System())


def test_mermaid_has_one_line_for_each_node_and_edge() -> None:
    text = text_of(map_mermaid.render)
    assert text.startswith("flowchart LR\n")
    assert "<script" not in text
    ids = set(re.findall(r"n_\w+", text))
    assert all(re.fullmatch(r"\w+", one) for one in ids)
    assert len(text.splitlines()) == 1 + 6 + 5 + 1
    assert "-.->" in text
    assert "---" in text
    assert "linkStyle 0,3,4" in text


def test_mermaid_refuses_what_it_would_not_draw() -> None:
    many = System(services=(Service("a"),), edges=tuple(edge("a", f"b{number}") for number in range(501)))
    with pytest.raises(UsageError, match="--service"):
        map_mermaid.render(many, io.StringIO())
    map_mermaid.render(many, io.StringIO(), "b7")


def test_dot_quotes_every_name() -> None:
    text = text_of(map_dot.render)
    assert text.startswith("digraph system {\n")
    assert text.endswith("}\n")
    assert text.count('"') % 2 == 0
    assert '\\"' in text


def test_json_tells_all_and_the_same_twice() -> None:
    document = json.loads(text_of(map_json.render))
    assert document["schema"] == "staff-review-map/1"
    assert [one["name"] for one in document["services"]] == [HOSTILE, "stock", "alone"]
    assert len(document["edges"]) == 4
    assert [one["because"] for one in document["unknown"]] == ["nobody knows"]
    consumed = next(one for one in document["edges"] if one["kind"] == "async")
    assert (consumed["from"], consumed["to"], consumed["topics"]) == ("end", "stock", ["orders"])
    assert consumed["evidence"] == ["shop.py:3"]
    assert text_of(map_json.render) == text_of(map_json.render)


def test_guessed_infrastructure_is_left_out_until_asked_for() -> None:
    guessed = Edge("a", "tracing", "sync", "http", evidence=(PLACE,), confidence="low", side="infra")
    system = System(services=(Service("a"),), edges=(guessed,))
    assert not map_json.document_of(system)["edges"]
    assert map_json.document_of(system, everything=True)["edges"][0]["class"] == "infra"


def test_svg_is_xml_with_every_node_and_no_script() -> None:
    drawing = map_svg.drawing_of(SYSTEM)
    root = ElementTree.fromstring(drawing)
    names = {node.get("data-name") for node in root.iter() if node.get("data-name") is not None}
    assert {"stock", "alone", "end", "api.example.com"} < names
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert len([node for node in root.iter() if "edge" in (node.get("class") or "").split()]) == 4


def test_svg_with_a_ring_and_with_too_many_nodes() -> None:
    ring = System(services=(Service("a"), Service("b")), edges=(edge("a", "b"), edge("b", "a"), edge("a", "a")))
    assert ElementTree.fromstring(map_svg.drawing_of(ring)) is not None
    assert not map_svg.drawing_of(System(services=tuple(Service(f"s{number}") for number in range(401))))


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_svg_is_drawn_by_a_browser(tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    page.write_text(f"<!doctype html><body>{map_svg.drawing_of(SYSTEM)}</body>", "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", str(page)]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert 'data-name="stock"' in shown
