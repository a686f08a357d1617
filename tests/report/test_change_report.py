"""The report of a change: what is new here and elsewhere, what is mended, the map; in every format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest
from drawing import compare, drawn

from staff_review.nouns.findings import Introduced, Review
from staff_review.nouns.journeys import Policy
from staff_review.nouns.map_changes import EdgeChange, MapChange, Wait, WaitChange
from staff_review.nouns.source import Place, Span
from staff_review.report import Report
from staff_review.report.concise import render_summary
from staff_review.report.formats import FORMATS
from staff_review.report.tally import verdict_of

ReportOf = Callable[..., Report]
SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


@pytest.fixture
def change(full_review: Review) -> Review:
    """Three findings, of which one stands elsewhere."""
    here, other, *_, elsewhere = full_review.findings
    helper = Place(here.place.path, Span(4, 1, 4, 9))
    introduced = Introduced(
        "4f1c2aa" + "0" * 33,
        "origin/main",
        files=6,
        elsewhere=frozenset([elsewhere.fingerprint]),
        because={elsewhere.fingerprint: (helper,)},
        fixed=full_review.findings[2:9],
        known=22,
        map=MapChange(
            edges=(
                EdgeChange("checkout", "fraud", "sync", "grpc", None, (Policy("bounded", 2.0),)),
                EdgeChange("checkout", "mail", "sync", "http", (Policy("bounded", 1.0),), None),
                EdgeChange("checkout", "stock", "sync", "http", (Policy("bounded", 3.0),), (Policy("unbounded"),)),
            ),
            waits=(
                WaitChange(
                    "checkout", "POST /orders", Wait("bounded", 3.0, ("stock",)), Wait("unbounded", None, ("stock",))
                ),
            ),
        ),
    )
    return msgspec.structs.replace(full_review, findings=(here, other, elsewhere), gaps=(), introduced=introduced)


@pytest.mark.parametrize(
    ("form", "ending"), [("full", "txt"), ("concise", "txt"), ("markdown", "md"), ("jsonl", "jsonl")]
)
def test_a_whole_report(form: str, ending: str, change: Review, report_of: ReportOf) -> None:
    compare(f"change-{form}", drawn(form, report_of(change)), ending)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_shows_only_what_is_new(form: str, change: Review, report_of: ReportOf) -> None:
    drawing = drawn(form, report_of(change))
    assert change.findings[2].place.path in drawing
    assert change.findings[0].place.path in drawing


@pytest.mark.parametrize("form", ["full", "concise", "markdown", "html"])
def test_the_formats_for_people_tell_what_a_finding_is_caused_by(
    form: str, change: Review, report_of: ReportOf
) -> None:
    drawing = drawn(form, report_of(change)).replace("<wbr>", "")
    (place,) = change.introduced.because.values() if change.introduced else ((),)
    assert str(place[0]) in drawing


def test_json_keeps_its_contract(change: Review, report_of: ReportOf) -> None:
    document = json.loads(drawn("json", report_of(change)))
    jsonschema.validate(document, json.loads((SCHEMAS / "staff-review-1.json").read_text("utf-8")))
    assert [one["elsewhere"] for one in document["change"]["new"]] == [False, False, True]
    assert document["change"]["edges_new"] == [["checkout", "fraud", "grpc"]]
    assert [one["what"] for one in document["change"]["map"]["edges"]] == ["added", "removed", "changed"]


def test_the_exit_code_speaks_of_what_is_new(change: Review) -> None:
    assert str(verdict_of(change, "error")) == "exit 1: 2 new errors (fail-on = error)"
    clean = msgspec.structs.replace(change, findings=())
    assert str(verdict_of(clean, "error")) == "exit 0: nothing new at or above error"


def test_a_change_that_brings_nothing_is_short(change: Review, report_of: ReportOf) -> None:
    compare("change-clean", drawn("full", report_of(msgspec.structs.replace(change, findings=()))))


def test_a_map_that_changes_much_is_cut_in_a_hook(change: Review, report_of: ReportOf) -> None:
    edges = tuple(EdgeChange("shop", f"peer-{n}", "sync", "http", None, (Policy("bounded", 2.0),)) for n in range(9))
    introduced = msgspec.structs.replace(change.introduced, map=MapChange(edges))
    summary = io.StringIO()
    render_summary(report_of(msgspec.structs.replace(change, introduced=introduced)), summary)
    told = [line for line in summary.getvalue().splitlines() if line.startswith("map: ")]
    assert len(told) == 6
    assert told[-1] == "map: 4 more changes: staff-review map --diff origin/main"
