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
FILED = """
import socket


def state(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
"""
PLUGGED = FILED.replace("AF_UNIX", "AF_INET")
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
        (FILED, "warning"),
        (PLUGGED, "error"),
    ],
)
def test_nobody_else_waits_for_it(tmp_path: Path, code: str, severity: str) -> None:
    assert severities(tmp_path, {"shop/tool": code}) == [severity]


LOADED = SILENT.partition("if __name__")[0]
UNUSED = SILENT.replace("main()\n", "print(1)\n").replace("def print(1)", "def main()")
ITS_USER = "from tools.send import main\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"tools/send": SILENT}, "warning"),
        ({"tools/send": UNUSED}, "warning"),
        ({"tools/send": LOADED}, "error"),
        ({"tools/send": SILENT, "shop/desk": ITS_USER}, "error"),
    ],
    ids=["started", "its rest", "loaded by its name", "imported"],
)
def test_tools_are_run_by_hand_where_nothing_imports_them(
    tmp_path: Path, files: dict[str, str], severity: str
) -> None:
    assert severities(tmp_path, files) == [severity]


def severities(tmp_path: Path, files: dict[str, str]) -> list[str]:
    for name, text in {"shop/service": SERVICE, "shop/orders": ORDERS, **files}.items():
        (tmp_path / f"{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    found = review((str(tmp_path),), Settings(root=str(tmp_path)), RULEBOOK, cache=False, jobs=1).review.findings
    return [one.severity for one in found if one.rule == "missing-timeout"]
