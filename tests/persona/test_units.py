"""What a unit holds beside its functions: callers, helpers, heads of imports, the neighbours on the map."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_service import ASKED, RULEBOOK

from staff_review.commenting import previewed, summary_of
from staff_review.persona.known import scale_words
from staff_review.review import Outcome, review
from staff_review.settings import Scale, Settings

CLIENT = """\
import requests

from shop.names import (
    first,
    second,
)


class Bank:
    def __init__(self):
        self.session = requests.Session()

    def _headers(self):
        return {"key": 1}

    def charge(self, order):
        return self.session.post("https://bank.example", json=first(order), headers=self._headers())
"""
PAY = """\
import logging

from shop.bank import Bank

bank = Bank()


def settle(order):
    try:
        answer = bank.charge(order)
    except Exception:
        logging.exception("not charged")
        return None
    return answer.json()
"""
NAMES = "def first(order):\n    return order\n\n\ndef second():\n    return 2\n"
LONG = "import requests\n\n\ndef long():\n{}    requests.get('https://rates.example')\n"
COMPOSE = """\
services:
  shop:
    build: shop
    environment: {BANK_URL: "http://bank:80"}
    deploy: {replicas: 3}
  bank:
    build: bank
  db:
    image: postgres:16
"""
CALLS_BANK = """\
import os

import requests
from flask import Flask

app = Flask(__name__)


@app.post("/pay")
def pay():
    return requests.post(os.environ["BANK_URL"] + "/charge").json()
"""
SERVES = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.post("/charge")\ndef charge():\n    return {}\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(tree: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)


def reviewed(tree: Path, *, system: bool | None = None) -> Outcome:
    settings = Settings(root=str(tree), system=system)
    return review((".",), settings, RULEBOOK, cache=False, program=True)


def sent(tree: Path, path: str, *, system: bool | None = None) -> str:
    found = previewed(reviewed(tree, system=system), (".",), Settings(root=str(tree)), RULEBOOK, ASKED)
    [request] = [one for one in found.requests if one.about == path]
    return "\n".join(block.text for block in request.user)


def test_callers_and_what_they_do_with_errors_are_told_and_shown(tree: Path) -> None:
    write(tree, {"shop/bank.py": CLIENT, "shop/pay.py": PAY, "shop/names.py": NAMES})
    said = sent(tree, "shop/bank.py")
    assert "`bank.charge` is called by `settle` at shop/pay.py:10; every error caught at line 11: answers, logs" in said
    assert "    13 |         return None\n" in said


def test_short_helpers_are_whole_and_imports_have_their_head(tree: Path) -> None:
    write(tree, {"shop/bank.py": CLIENT, "shop/pay.py": PAY, "shop/names.py": NAMES})
    said = sent(tree, "shop/bank.py")
    assert '    13 |     def _headers(self):\n    14 |         return {"key": 1}\n' in said
    assert "     3 | from shop.names import (\n     4 |     first,\n" in said
    assert "|     second," not in said


@pytest.mark.parametrize(("lines", "shown"), [(300, True), (900, False)])
def test_a_long_function_is_whole_while_it_fits(tree: Path, lines: int, shown: bool) -> None:
    body = "".join(f"    value_{number} = {number} * 2\n" for number in range(lines))
    write(tree, {"long.py": LONG.format(body)})
    said = sent(tree, "long.py")
    assert "requests.get('https://rates.example')" in said
    assert ("value_100 = 100 * 2" in said) is shown


def test_the_neighbours_on_the_map_and_the_number_of_replicas_are_told(tree: Path) -> None:
    files = {"compose.yaml": COMPOSE, "shop/app.py": CALLS_BANK, "bank/app.py": SERVES}
    write(tree, {**files, "shop/Dockerfile": "FROM python\n", "bank/Dockerfile": "FROM python\n"})
    said = sent(tree, "shop/app.py", system=True)
    assert "This file is part of the service shop: python, 3 replicas, 1 endpoint; it is 1 of 2 services." in said
    assert "`shop` calls `bank` (http, no limit)." in said
    outcome = reviewed(tree, system=True)
    assert outcome.system is not None
    summary = summary_of(outcome.system, outcome.review.findings)
    assert summary is not None
    assert summary.text.startswith("2 services, 1 edge, ")
    assert "- shop: python, 3 replicas, 1 endpoint" in summary.text
    assert "- shop -> bank: sync, http, no limit" in summary.text


def test_the_scale_names_who_keeps_it_running_when_somebody_said_so() -> None:
    assert "kept running by 3 people (declared" in scale_words(Scale(maintainers=3))
    assert "kept running by 1 person (declared" in scale_words(Scale(maintainers=1))
    assert "kept" not in scale_words(Scale())
