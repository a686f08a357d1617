"""What a unit holds beside its functions: callers, helpers, heads of imports, the neighbours on the map."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_service import ASKED, RULEBOOK

from staff_review.hall.commenting import previewed, summary_of
from staff_review.hall.review import Outcome, review
from staff_review.nouns.settings import Scale, Settings
from staff_review.persona.known import scale_words
from staff_review.report.map_sentences import described

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


def test_services_of_one_code_are_all_told_and_what_each_of_them_calls_stands_on_one_line(tree: Path) -> None:
    compose = COMPOSE.replace(
        "  bank:", "  worker:\n    build: shop\n    environment: {BANK_URL: 'http://bank:80'}\n  bank:"
    )
    limited = CALLS_BANK.replace('"/charge")', '"/charge", timeout=float(os.environ["WAIT"]))')
    write(tree, {"compose.yaml": compose, "shop/app.py": limited, "bank/app.py": SERVES})
    write(tree, {"shop/Dockerfile": "FROM python\n", "bank/Dockerfile": "FROM python\n"})
    said = sent(tree, "shop/app.py", system=True)
    assert "This file is part of 2 of 3 services, which run the same code: shop: python, 3 replicas" in said
    outcome = reviewed(tree, system=True)
    assert outcome.system is not None
    words = described(outcome.system)
    assert "- shop, worker -> bank: sync, http, limit not known" in words


SHOP = """\
import requests
from flask import Flask, url_for

from shop.store import Orders


class Refused(Exception):
    code = 402


def create_app():
    app = Flask(__name__)
    bank = "https://bank.example"

    @app.route("/")
    def root():
        return home()

    @app.route("/home")
    def home():
        orders = Orders(app.config["DB"])
        requests.get(bank, timeout=app.config["BANK_TIMEOUT"])
        if not orders.all():
            raise Refused(url_for("unrelated"))
        return present(orders)

    def unrelated():
        return 1

    app.config["BANK_TIMEOUT"] = int(os.getenv("BANK_TIMEOUT", "4"))
    app.config["OTHER"] = 1
{0}    return app


def present(orders):
{1}    return orders
"""
STORE = """\
class Orders:
    \"\"\"The orders of a shop.\"\"\"

    def __init__(self, dsn):
        self.table = make(dsn)

    def all(self):
        return self.table.all()
"""


def shop(tree: Path) -> str:
    """What is sent of a factory whose handlers lean on what stands around them, and on a class of another file."""
    filler = "".join(f"    value_{number} = {number} * 2\n" for number in range(220))
    text = SHOP.replace("{0}", filler).replace("{1}", "".join(f"    # step {number}\n" for number in range(40)))
    write(tree, {"shop/app.py": text, "shop/store.py": STORE, "requirements.txt": "requests==2.31.0\nFlask>=2,<3\n"})
    return sent(tree, "shop/app.py")


def test_a_limit_that_nobody_can_tell_is_not_passed_over_and_its_setting_is_shown(tree: Path) -> None:
    said = shop(tree)
    assert "`requests.get` (blocking, http); limit: not known;" in said
    assert 'app.config["BANK_TIMEOUT"] = int(os.getenv("BANK_TIMEOUT", "4"))' in said
    assert 'app.config["OTHER"]' not in said


def test_classes_constructors_and_what_a_factory_holds_are_shown(tree: Path) -> None:
    said = shop(tree)
    assert "class Refused(Exception):" in said
    assert "code = 402" in said
    assert "self.table = make(dsn)" in said
    assert 'bank = "https://bank.example"' in said
    assert "# step 39" in said, "a helper of the same file is whole, long as it is"


def test_what_only_a_text_mentions_is_not_shown(tree: Path) -> None:
    assert "def unrelated" not in shop(tree)


def test_an_entry_point_that_another_one_calls_is_an_entry_point(tree: Path) -> None:
    assert "`create_app.home` is an entry point: request." in shop(tree)


def test_the_versions_in_use_are_told(tree: Path) -> None:
    assert "- Versions in use: flask >=2,<3, requests ==2.31.0." in shop(tree)


def test_ways_and_findings_that_are_alike_are_told_once(tree: Path) -> None:
    body = "\n".join(f"def load_{number}():\n    return fetch()\n\n" for number in range(3))
    write(tree, {"shop/app.py": (
        "import requests\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/')\ndef root():\n"
        f"    load_0()\n    load_1()\n    return load_2()\n\n\n{body}\n"
        "def fetch():\n    requests.get('https://a.example')\n    return requests.get('https://a.example')\n"
    )})  # fmt: skip
    said = sent(tree, "shop/app.py")
    assert "`load_1` is reached from `root`: calls `load_1` (shop/app.py:10)." in said
    [claims] = [line for line in said.splitlines() if line.startswith("F1: ")]
    assert claims.startswith("F1: line 27; F2: line 28, missing-timeout (error")


def test_the_scale_names_who_keeps_it_running_when_somebody_said_so() -> None:
    assert "kept running by 3 people (declared" in scale_words(Scale(maintainers=3))
    assert "kept running by 1 person (declared" in scale_words(Scale(maintainers=1))
    assert "kept" not in scale_words(Scale())
