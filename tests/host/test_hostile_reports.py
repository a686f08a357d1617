"""A report that came from a stranger's run: it is taken whole or not at all, and its words do nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from github_server import Server
from hypothesis import given
from hypothesis import strategies as st
from small_change import finding, opinion

from staff_review.cli import run
from staff_review.load.reports import LARGEST, recorded
from staff_review.nouns.errors import UsageError
from staff_review.nouns.findings import Introduced, Review, Silenced
from staff_review.nouns.settings import Settings
from staff_review.report import Report
from staff_review.report.as_json import document_of
from staff_review.report.tally import verdict_of

REVIEW = Review(
    findings=(finding(),),
    silenced=(Silenced(finding(3, "3" * 16), "comment", "batch"),),
    comments=(opinion(),),
    introduced=Introduced("c" * 40, "main", elsewhere=frozenset({"1" * 16}), fixed=(finding(4, "4" * 16),), known=7),
)
EVIL = "[click](https://evil.example) <img src=x> @everyone #1 \n::error::x\n# staff-review: `code` <!-- staff-review:"


def document() -> dict[str, Any]:
    """A report as plain data, to be spoiled."""
    return document_of(Report(REVIEW, Settings(), verdict_of(REVIEW, "error"), version="0.1.0"))


def read(given: object) -> Review:
    return recorded(json.dumps(given).encode(), "report.json").review


def test_a_report_of_ours_is_read_back() -> None:
    review = read(document())
    assert [one.fingerprint for one in review.findings] == ["1" * 16]
    assert (review.silenced[0].reason, review.comments[0].fingerprint) == ("batch", "e" * 16)
    change = review.introduced
    assert change is not None
    assert (change.commit, change.since, change.known, len(change.fixed)) == ("c" * 40, "main", 7, 1)
    assert change.elsewhere == {"1" * 16}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fingerprint", "1" * 15), ("fingerprint", "1" * 16 + "\n"), ("fingerprint", "x --> <b>"),
        ("rule", "missing-timeout\n"), ("rule", "a b"), ("rule", "<b>"), ("path", ""), ("path", "a" * 1001),
        ("path", "../../../other/team/blob/main/x.py"), ("path", "/etc/passwd"), ("path", "a\\..\\b"),
        ("line", 0), ("line", -1), ("line", 10**30), ("line", "7"), ("line", 1.5), ("line", True),
        ("severity", "fatal"), ("confidence", None), ("message", "a" * 5000), ("message", ["a"]), ("trail", {}),
        ("trail", [{"path": "a", "line": 1, "text": "x"}] * 1001), ("suggestion", {"first": 1}),
    ],
)  # fmt: skip
def test_a_finding_that_is_none_spoils_the_report(name: str, value: object) -> None:
    spoilt = document()
    spoilt["findings"][0][name] = value
    with pytest.raises(UsageError, match=r"report\.json"):
        read(spoilt)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 200_000, b'{"schema":' * 100_000, b"1" * 5000,
        b'{"schema": "staff-review/1", "findings": []}', json.dumps({**document(), "schema": "sarif"}).encode(),
        json.dumps({**document(), "findings": [document()["findings"][0]] * 20_001}).encode(),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"report\.json"):
        recorded(data, "report.json")


@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_a_mistake(data: bytes) -> None:
    with pytest.raises(UsageError):
        recorded(data, "report.json")


def test_a_report_that_is_too_large_is_not_read(
    tmp_path: Path, on_github: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b" " * (LARGEST + 1))
    assert run(["comment", str(path), "--github"]) == 2
    assert "larger than 16 MB" in capsys.readouterr().err
    assert run(["comment", str(tmp_path / "none.json"), "--github"]) == 2
    assert "--format json=FILE" in capsys.readouterr().err
    assert not on_github.asked


def test_halves_of_characters_are_sent_as_whole_ones(on_github: Server, tmp_path: Path) -> None:
    spoilt = document()
    spoilt["findings"][0]["message"] = "caf\udce9"
    path = tmp_path / "report.json"
    path.write_text(json.dumps(spoilt))
    assert run(["comment", str(path), "--github"]) == 0
    assert "**error: caf?**" in on_github.repository.review_comments[0]["body"]


def test_words_from_outside_do_nothing(on_github: Server, tmp_path: Path) -> None:
    spoilt = document()
    for name in ("message", "why", "instead"):
        spoilt["findings"][0][name] = EVIL
    for name in ("persona", "text", "scenario", "hand_to", "quote"):
        spoilt["comments"][0][name] = EVIL
    spoilt["summary"]["version"] = spoilt["summary"]["settings"] = EVIL
    path = tmp_path / "report.json"
    path.write_text(json.dumps(spoilt))
    assert run(["comment", str(path), "--github"]) == 0
    repository = on_github.repository
    bodies = [one["body"] for one in (*repository.review_comments, *repository.issue_comments)]
    assert len(bodies) == 3
    for body in bodies:
        shown = "\n".join(_outside_of_code(body))
        assert "](https://evil" not in shown
        assert "<img" not in shown.replace("\\<img", "")
        assert "@everyone" not in shown
        assert " #1" not in shown.replace("\\#1", "")
        marks = [line for line in body.split("\n") if line.startswith("<!-- staff-review:")]
        assert marks[-1] == body.split("\n")[-1]


def _outside_of_code(body: str) -> list[str]:
    """The lines of a comment that are no code: a quotation of code does nothing by itself."""
    lines, fence = [], ""
    for line in body.split("\n"):
        text = line.removeprefix("> ")
        if text.startswith("```"):
            fence = "" if fence else text
        elif not fence:
            lines.append(text)
    return lines
