"""What one endpoint does across services, in the order of its code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator

import pytest
from drawn import FIXTURES
from test_forms import BASE, COMPOSE, served

from staff_review.hall.mapping import sequence_of, system_below
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.errors import UsageError
from staff_review.nouns.sequences import Message, Sequence
from staff_review.nouns.settings import Settings
from staff_review.nouns.source import Place, Span
from staff_review.nouns.system import System
from staff_review.report import sequence_json, sequence_mermaid, sequence_text
from staff_review.report.look import Look

Mapped = Callable[[dict[str, str]], System]
RULEBOOK = rulebook_of()
PLACE = Place("shop.py", Span(3, 1, 3, 9))


def of_fixture(name: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Sequence:
    monkeypatch.chdir(FIXTURES / name)
    return sequence_of(system_below((".",), Settings(), RULEBOOK), endpoint)


def told(steps: Iterable[Message], depth: int = 0) -> Iterator[tuple[int, str, str]]:
    for one in steps:
        yield depth, one.target, one.endpoint
        yield from told(one.steps, depth + 1)


def test_a_request_through_three_services(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = of_fixture("http_chain_with_compose", "POST /checkout/42", monkeypatch)
    assert (sequence.service, sequence.endpoint) == ("web", "POST /checkout/{cart}")
    assert list(dict.fromkeys(told(sequence.steps))) == [
        (0, "orders", "POST /v1/orders/{cart}"),
        (1, "stock", "GET /levels/{item}"),
        (2, "stock-db", ""),
        (0, "mail.example.com", ""),
    ]
    assert [one.looped for one in sequence.steps[0].steps] == [True]


def test_a_message_goes_on_to_who_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = of_fixture("events_over_kafka_and_rabbitmq", "POST /orders", monkeypatch)
    assert list(told(sequence.steps)) == [
        (0, "kafka", ""),
        (1, "billing", ""),
        (2, "rabbit", ""),
        (3, "mailer", "message on_invoice"),
    ]


def test_calls_stand_in_the_order_of_the_handler_not_of_the_lines(system_of_files: Mapped) -> None:
    """The helper that is called last stands first in the file."""
    code = (
        "import requests\nfrom flask import Flask\n\napp = Flask('shop')\n\n\n"
        "def last():\n    return requests.post('http://stock:7000/last', timeout=1)\n\n\n"
        "@app.get('/')\ndef show():\n    requests.get('http://stock:7000/first', timeout=1)\n    second()\n    last()\n"
        "    return ''\n\n\n"
        "def second():\n    return requests.get('http://stock:7000/second', timeout=1)\n"
    )
    sequence = sequence_of(system_of_files({**BASE, "shop/main.py": code}), "GET /")
    assert [one.path for one in sequence.steps] == ["/first", "/second", "/last"]


def test_services_that_ask_each_other_are_told_once(system_of_files: Mapped) -> None:
    back = (
        "import requests\nfrom flask import Flask\napp = Flask('stock')\n\n\n@app.get('/levels')\ndef levels():\n"
        "    return requests.get('http://shop:7000/', timeout=1).text\n"
    )
    files = {
        **BASE,
        "compose.yaml": COMPOSE.replace("build: shop", "build: shop\n    ports: ['7000:7000']"),
        "shop/main.py": served("requests.get('http://stock:7000/levels')"),
        "stock/main.py": back,
    }
    sequence = sequence_of(system_of_files(files), "GET /", "shop")
    assert list(told(sequence.steps)) == [(0, "stock", "GET /levels"), (1, "shop", "GET /")]
    assert sequence.steps[0].steps[0].again


def test_what_is_not_found_names_the_nearest(system_of_files: Mapped) -> None:
    system = system_of_files({**BASE, "shop/main.py": served("return ''")})
    with pytest.raises(UsageError, match=r"no endpoint is named `GET /level`; the nearest are `GET /levels` of stock"):
        sequence_of(system, "GET /level")
    with pytest.raises(UsageError, match="no endpoint was found"):
        sequence_of(System(), "GET /")


def test_what_two_services_offer_is_asked_back(system_of_files: Mapped) -> None:
    system = system_of_files(
        {**BASE, "shop/main.py": served("return ''"), "stock/main.py": served("return ''").replace("shop", "stock")}
    )
    with pytest.raises(UsageError, match="`GET /` of shop, `GET /` of stock; say which, with `--service NAME`"):
        sequence_of(system, "GET /")
    assert sequence_of(system, "GET /", "stock").service == "stock"


def test_every_drawing_tells_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = of_fixture("http_chain_with_compose", "POST /checkout/{cart}", monkeypatch)
    text, diagram, document = io.StringIO(), io.StringIO(), io.StringIO()
    sequence_text.render(sequence, text, Look(width=100, unicode=False))
    sequence_mermaid.render(sequence, diagram)
    sequence_json.render(sequence, document)
    assert text.getvalue().isascii()
    assert "n x stock GET /levels/{}  http, 3 s" in text.getvalue()
    lines = diagram.getvalue().splitlines()
    assert lines[0] == "sequenceDiagram"
    assert sum("->>+" in line for line in lines) == sum("-->>-" in line for line in lines)
    assert sum(line.strip() == "end" for line in lines) == sum(line.strip().startswith("loop ") for line in lines) == 1
    assert json.loads(document.getvalue())["steps"][0]["to"] == "orders"


def test_no_name_leaves_its_line_in_a_diagram() -> None:
    hostile = 'a"; end\n<script>alert(1)</script>\x1b[31m %% #x'
    step = Message("web", hostile, "sync", "http", PLACE, path=hostile)
    stream = io.StringIO()
    sequence_mermaid.render(Sequence("web", hostile, PLACE, (step,)), stream)
    assert len(stream.getvalue().splitlines()) == 7
    assert not set('<"%\x1b') & {*stream.getvalue()}
