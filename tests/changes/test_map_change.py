"""`staff-review map --diff`: the map before a change and after, read from git without touching the files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from scratch_repository import Repository

from staff_review.cli import run

COMPOSE = "services:\n  shop:\n    build: ./shop\n  stock:\n    build: ./stock\n"
APP = "import requests\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/x')\ndef x():\n    return {}\n"
ASKS = "requests.get('http://stock/x', timeout={}).text"
Mapped = Callable[..., str]


@pytest.fixture
def mapped(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Mapped:
    """Everything that the command says."""
    repository.put("compose.yml", COMPOSE)
    for name in ("shop", "stock"):
        repository.put(f"{name}/Dockerfile", "FROM python:3.13\nCMD uvicorn app:app\n")
    repository.commit(shop__app=APP.format(ASKS.format(2)), stock__app=APP.format("1"))

    def said(*arguments: str) -> str:
        run(["map", *arguments])
        told = capsys.readouterr()
        return told.out + told.err

    return said


def test_the_limit_that_a_change_takes_away_is_told(repository: Repository, mapped: Mapped) -> None:
    repository.write(shop__app=APP.format(ASKS.format(None)))
    before = repository.git("status", "--porcelain")
    text = mapped("--diff", "HEAD")
    assert "1 edge changed" in text
    assert "shop → stock  http, 2 s → no limit  shop/app.py:9" in text.replace("->", "→")
    assert "shop GET /x  2 s → no limit" in text.replace("->", "→")
    document = json.loads(mapped("--diff", "HEAD", "--format", "json"))
    assert [(one["what"], one["from"], one["to"]) for one in document["edges"]] == [("changed", "shop", "stock")]
    assert [(one["before"]["seconds"], one["after"]["state"]) for one in document["waits"]] == [(2.0, "unbounded")]
    assert repository.git("status", "--porcelain") == before


def test_a_flowchart_tells_new_from_gone(repository: Repository, mapped: Mapped) -> None:
    repository.write(shop__app=APP.format("''"), stock__app=APP.format("requests.get('http://shop/x', timeout=1).text"))
    lines = mapped("--diff", "HEAD", "--format", "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert [line for line in lines if "==>" in line or "-.->" in line] == [
        '  n_shop -.->|"removed, http, 2 s"| n_stock',
        '  n_stock ==>|"added, http, 1 s"| n_shop',
    ]


def test_one_service_is_told_of_its_own_edges_and_waits(repository: Repository, mapped: Mapped) -> None:
    repository.write(shop__app=APP.format(ASKS.format(None)))
    assert "no limit" in mapped("--diff", "HEAD", "--service", "shop")
    told = json.loads(mapped("--diff", "HEAD", "--service", "stock", "--format", "json"))
    assert [one["to"] for one in told["edges"]] == ["stock"]
    assert told["waits"] == []
    assert mapped("--diff", "HEAD", "--service", "nobody").startswith("The map stays as it was.")


def test_no_difference_is_one_line(mapped: Mapped) -> None:
    assert mapped("--diff", "HEAD").startswith("The map stays as it was.")
    assert "stays as it was" in mapped("--diff", "HEAD", "--format", "mermaid")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--diff", "nowhere"), "`nowhere` is no commit"),
        (("--diff", "HEAD", "--format", "dot"), "not as dot"),
        (("--diff", "HEAD", "--endpoint", "GET /x"), "leave out `--endpoint`"),
        (("--endpoint", "GET /y"), "the nearest are `GET /x` of shop"),
        (("--endpoint", "GET /x"), "say which"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(mapped: Mapped, arguments: tuple[str, ...], said: str) -> None:
    assert said in mapped(*arguments)
