"""How real code names its target: each form in a system of two services, `shop` and `stock`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staff_review.nouns.system import System

COMPOSE = """
services:
  shop:
    build: shop
    environment: {STOCK_URL: "http://stock:7000", STOCK_HOST: stock}
  stock:
    build: stock
    ports: ["7001:7000"]
  warehouse:
    image: postgres:16
"""
BASE = {
    "compose.yaml": COMPOSE,
    "shop/Dockerfile": "FROM python:3.12\nCMD python main.py\n",
    "stock/Dockerfile": "FROM python:3.12\n",
    "stock/main.py": (
        "from flask import Flask\napp = Flask('stock')\n\n@app.get('/levels')\ndef levels():\n    return {}\n"
    ),
}
Mapped = Callable[..., System]


def served(body: str) -> str:
    """A service whose one route runs the lines of `body`."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "import os\nimport requests\nfrom flask import Flask\n\napp = Flask('shop')\n\n"
        f"@app.get('/')\ndef show():\n{lines}\n"
    )


FORMS = {
    "a literal address": served("requests.get('http://stock:7000/levels')"),
    "a variable without a default": served("requests.get(os.environ['STOCK_URL'] + '/levels')"),
    "a variable with a default": served("requests.get(f\"http://{os.getenv('UNSET', 'stock')}:7000/levels\")"),
    "or with a default": served("url = os.environ.get('UNSET') or 'http://stock:7000'\nrequests.get(url)"),
    "format": served("requests.get('http://{host}:7000/{x}'.format(host=os.environ['STOCK_HOST'], x=1))"),
    "percent": served("requests.get('http://%s:7000/%s' % (os.environ['STOCK_HOST'], 1))"),
    "urljoin": "from urllib.parse import urljoin\n"
    + served("requests.get(urljoin(os.environ['STOCK_URL'], 'levels'))"),
    "a name of the module": "URL = 'http://stock:7000'\n" + served("requests.get(URL + '/levels')"),
    "a published port of this machine": served("requests.get('http://localhost:7001/levels')"),
    "a mapping": "PEERS = {'stock': 'http://stock:7000'}\n" + served("requests.get(PEERS['stock'])"),
    "settings of the application": served("requests.get(app.config['STOCK'])")
    + "\napp.config['STOCK'] = os.environ['STOCK_URL']\n",
    "settings asked for by name": "import settings\n" + served("requests.get(getattr(settings, 'STOCK', '') + '/x')"),
    "an argument": served("fetch(os.environ['STOCK_URL'])") + "\ndef fetch(url):\n    return requests.get(url)\n",
    "a client class": served("Stock(os.environ['STOCK_URL']).levels()")
    + "\nclass Stock:\n    def __init__(self, base):\n        self.base = base.rstrip('/')\n\n"
    "    def levels(self):\n        return requests.get(f'{self.base}/levels')\n",
    "the base of a client": served("return client.get('/levels')").replace(
        "app = ", "import httpx\nclient = httpx.Client(base_url=os.environ['STOCK_URL'])\napp = "
    ),
    "a client handed to a helper": served("ask(app.client, os.environ['STOCK_URL'])")
    + "\ndef ask(client, base):\n    return client.get(f'{base}/levels')\n",
    "a library that nobody knows": "import wires\n" + served("wires.get('http://stock:7000/levels')"),
    "a function that gives it": served("requests.get(url_of('stock'))")
    + "\ndef url_of(name):\n    return f'http://{name}:7000'\n",
    "a sidecar": served("requests.get('http://localhost:3500/v1.0/invoke/stock/method/levels')"),
    "a header that a sidecar routes by": served(
        "requests.get('http://localhost:3500/levels', headers={'dapr-app-id': 'stock'})"
    ),
}


@pytest.mark.parametrize("code", FORMS.values(), ids=FORMS.keys())
def test_a_call_leads_to_the_service_it_names(system_of_files: Mapped, code: str) -> None:
    settings = "import os\n\nSTOCK = os.environ['STOCK_URL']\n"
    system = system_of_files({**BASE, "shop/main.py": code, "shop/settings.py": settings})
    (edge,) = [edge for edge in system.edges if edge.source == "shop"]
    assert (edge.target, edge.kind) == ("stock", "sync")
    assert edge.evidence[0].path == "shop/main.py"
    assert edge.calls[0].endpoints == ("GET /",)


GATEWAY = """
import os
import requests
from flask import Flask, request

app = Flask('shop')


@app.get('/levels')
def levels():
    return forward(os.environ['STOCK_URL'], 'levels')


@app.get('/bills')
def bills():
    return forward('http://billing:7000', 'bills')


def forward(base, path):
    url = f"{base}/api/{path}"
    return requests.get(url, params=request.args).json()
"""


def test_one_helper_for_many_peers_leads_to_each_with_its_own_path(system_of_files: Mapped) -> None:
    compose = COMPOSE + "  billing:\n    build: billing\n"
    system = system_of_files(
        {**BASE, "compose.yaml": compose, "billing/Dockerfile": "FROM node:20\n", "shop/main.py": GATEWAY}
    )
    paths = {(edge.target, call.path) for edge in system.edges for call in edge.calls}
    assert paths == {("stock", "/api/levels"), ("billing", "/api/bills")}


def test_unset_variables_lead_to_each_service_that_they_are_called_after(system_of_files: Mapped) -> None:
    code = GATEWAY.replace("'http://billing:7000'", "os.environ['BILLING_SERVICE_URL']")
    code = code.replace("STOCK_URL", "STOCK_SERVICE_URL")
    compose = COMPOSE + "  billing:\n    build: billing\n"
    system = system_of_files(
        {**BASE, "compose.yaml": compose, "billing/Dockerfile": "FROM node:20\n", "shop/main.py": code}
    )
    assert {(edge.target, edge.confidence) for edge in system.edges} == {("stock", "medium"), ("billing", "medium")}


HANDED_AROUND = (
    "from registry import connect\nimport levels_pb2_grpc\n\nPEERS = {'levels': levels_pb2_grpc.LevelsStub}\n"
)
OFFERED = (
    "import grpc\nimport levels_pb2_grpc\n\n\nclass Levels(levels_pb2_grpc.LevelsServicer):\n"
    "    def Show(self, request, context):\n        return None\n"
)


def test_a_stub_that_is_handed_around_leads_to_the_service_that_offers_its_interface(system_of_files: Mapped) -> None:
    system = system_of_files({**BASE, "shop/main.py": HANDED_AROUND, "stock/levels.py": OFFERED})
    assert [(edge.source, edge.target, edge.protocol, edge.confidence) for edge in system.edges] == [
        ("shop", "stock", "grpc", "medium")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"shop/main.py": "import grpc\n# LevelsStub\n"},
        {"shop/main.py": "", "shop/levels_pb2_grpc.py": HANDED_AROUND},
        {"shop/main.py": HANDED_AROUND, "billing/Dockerfile": "FROM python:3.12\n", "billing/main.py": OFFERED},
        {"shop/main.py": HANDED_AROUND, "shop/levels.py": OFFERED, "stock/levels.py": ""},
    ],
    ids=["a comment", "generated code", "two services offer it", "its own"],
)
def test_an_interface_alone_is_no_edge(system_of_files: Mapped, more: dict[str, str]) -> None:
    compose = COMPOSE + "  billing:\n    build: billing\n"
    assert not system_of_files({**BASE, "compose.yaml": compose, "stock/levels.py": OFFERED, **more}).edges


UNKNOWN = {
    "a variable that is set nowhere": (served("requests.get(os.environ['NOBODY_KNOWS'])"), "`NOBODY_KNOWS`"),
    "what the request says": (served("from flask import request\nrequests.get(request.args['to'])"), "run time"),
    "a port of this machine that nobody publishes": (served("requests.get('http://localhost:9')"), "localhost:9"),
}


@pytest.mark.parametrize(("code", "because"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_peer_that_nobody_can_know_is_said_with_the_reason(system_of_files: Mapped, code: str, because: str) -> None:
    system = system_of_files({**BASE, "shop/main.py": code})
    (edge,) = [edge for edge in system.edges if edge.source == "shop"]
    assert not edge.known
    assert because in edge.because


SILENT = {
    "dead code": served("return ''") + "\ndef old():\n    return requests.get('http://stock:7000')\n",
    "a comment": served("return ''  # http://stock:7000"),
    "documentation": '"""Asks http://stock:7000/levels."""\n' + served("return ''"),
    "a setting that nobody reads": served("return os.environ['HOME']"),
    "a file that the command does not load": served("return ''"),
}


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT.keys())
def test_what_is_no_call_is_no_edge(system_of_files: Mapped, code: str) -> None:
    beside = "import requests\n\nrequests.get('http://stock:7000/levels')\n"
    system = system_of_files(
        {**BASE, "shop/main.py": code, "shop/script.py": beside, "shop/tests/test_shop.py": beside}
    )
    assert not [edge for edge in system.edges if edge.source == "shop"]


def test_the_order_of_start_and_consoles_are_no_edges(system_of_files: Mapped) -> None:
    compose = (
        "services:\n  shop: {build: shop, depends_on: [db]}\n  db: {image: 'postgres:16'}\n"
        "  admin: {image: adminer, environment: {ADMINER_DEFAULT_SERVER: db}}\n"
        "  migrate: {build: shop, command: alembic upgrade head}\n"
    )
    system = system_of_files(
        {"compose.yaml": compose, "shop/Dockerfile": BASE["shop/Dockerfile"], "shop/main.py": served("return ''")}
    )
    assert [service.name for service in system.services] == ["shop"]
    assert not system.edges


def test_other_languages_take_part_by_what_they_name(system_of_files: Mapped) -> None:
    files = {
        "compose.yaml": COMPOSE,
        "shop/Dockerfile": "FROM golang:1.22\n",
        "shop/main.go": 'package main\n\nvar url = os.Getenv("STOCK_URL")\n// os.Getenv("STOCK_HOST")\n',
        "stock/Dockerfile": "FROM node:20\n",
        "stock/server.js": "const db = process.env.DB_HOST || 'warehouse'\n",
    }
    edges = {(edge.source, edge.target, edge.kind, edge.confidence) for edge in system_of_files(files).edges}
    assert edges == {("shop", "stock", "sync", "medium"), ("stock", "warehouse", "store", "medium")}


def test_services_without_a_deployment_are_the_scripts_that_serve(system_of_files: Mapped) -> None:
    served_at = "\n\nif __name__ == '__main__':\n    app.run(port={})\n"
    files = {
        "shop.py": served("requests.get('http://127.0.0.1:7000/levels')") + served_at.format(8000),
        "stock.py": served("return ''") + served_at.format(7000),
    }
    system = system_of_files(files)
    assert [service.name for service in system.services] == ["shop", "stock"]
    assert [(edge.source, edge.target) for edge in system.edges] == [("shop", "stock")]


def test_nothing_to_map_is_an_empty_system(system_of_files: Mapped) -> None:
    system = system_of_files({"notes.txt": "nothing", "tool.py": "print(1)\n"})
    assert system == System()


def test_a_member_that_is_looked_up_by_a_prefix_runs(system_of_files: Mapped) -> None:
    code = served("getattr(Stock(), 'on_' + app.name)()") + (
        "\n\nclass Stock:\n    def on_levels(self):\n        return requests.get('http://stock:7000/levels')\n"
    )
    assert [edge.target for edge in system_of_files({**BASE, "shop/main.py": code}).edges] == ["stock"]
    dead = code.replace("'on_' + app.name", "app.name")
    assert system_of_files({**BASE, "shop/main.py": dead}).edges == ()
