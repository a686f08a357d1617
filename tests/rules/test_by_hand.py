"""What only a person runs, and what stays on one machine, weighs less than what serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff_review.hall.review import review
from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import Settings

RULEBOOK = rulebook_of()
SERVICE = """
from flask import Flask

from shop.orders import send

app = Flask(__name__)


@app.post("/orders")
def order():
    return send({})
"""
ORDERS = "def send(order):\n    return order\n"
SILENT = """
import requests

from shop.orders import send


def main():
    send(requests.get("https://orders.example.com/").json())


if __name__ == "__main__":
    main()
"""
TALKING = SILENT.replace("def main():\n", 'def main():\n    print("Sending")\n')
ASKED = '    while True:\n        if input("Again? ") != "y":\n            break\n    send('
ASKING = TALKING.replace("    send(", ASKED)
ENDLESS = TALKING.replace("    send(", "    while True:\n        send(")
GROUP = """
import click
import requests


@click.group()
def cli():
    pass


@cli.command()
def fetch():
    requests.get("https://orders.example.com/")
"""
TERMINAL = """
import requests

if __name__ == "__main__":
    print(requests.get("https://orders.example.com/").text)
"""
NEAR = """
import requests


def state():
    return requests.get("http://127.0.0.1:8500/v1/agent/self").json()
"""
FAR = NEAR.replace("127.0.0.1", "localhost.example.com")


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        (SILENT, "error"),
        (TALKING, "warning"),
        (ASKING, "warning"),
        (ENDLESS, "error"),
        (GROUP, "warning"),
        (TERMINAL, "warning"),
        (NEAR, "warning"),
        (FAR, "error"),
    ],
)
def test_nobody_else_waits_for_it(tmp_path: Path, code: str, severity: str) -> None:
    (tmp_path / "shop").mkdir()
    for name, text in (("service", SERVICE), ("orders", ORDERS), ("tool", code)):
        (tmp_path / f"shop/{name}.py").write_text(text, "utf-8")
    found = review((str(tmp_path),), Settings(root=str(tmp_path)), RULEBOOK, cache=False, jobs=1).review.findings
    assert [(one.rule, one.severity) for one in found if one.rule == "missing-timeout"] == [
        ("missing-timeout", severity)
    ]
