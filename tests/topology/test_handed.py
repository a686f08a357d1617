"""Peers that are handed around: clients as arguments, addresses in tables, channels, names told elsewhere."""

from __future__ import annotations

import pytest
from test_forms import BASE, COMPOSE, Mapped, served

QUEUES = """
import boto3
from typing import Annotated, Any
from fastapi import Depends, FastAPI

app = FastAPI()


def queue() -> Any:
    return boto3.client("sqs")


Queue = Annotated[Any, Depends(queue)]


def tell(client: Any, text: str) -> None:
    client.send_message(QueueUrl="orders", MessageBody=text)


@app.post("/orders")
def order(client: Queue) -> None:
    tell(client, "ordered")
"""
CHOSEN = """
import os

PEERS = {"stock": {"host": os.getenv("STOCK_HOST", "localhost"), "port": "7000"}}
"""
ROUTER = (
    "class Router(Flask):\n"
    "    def pass_on(self, path, base):\n"
    "        def wrapper(function):\n"
    "            def inner():\n"
    "                return requests.get(base + path).json()\n"
    "            return self.add_url_rule(path, view_func=inner)\n"
    "        return wrapper\n\n"
    "    def ways(self, **options):\n"
    "        return self.pass_on(**options)\n\n"
)
SHARED = {
    "a client that a caller hands in": served("ask(requests.Session())")
    + "\ndef ask(session):\n    return session.get('http://stock:7000/levels')\n",
    "a table in a table": "from peers import PEERS\n"
    + served("peer = PEERS.get(os.environ['NAME'])\nrequests.get(f\"http://{peer['host']}:{peer['port']}/levels\")"),
    "a name that is only handed on": "import os\nimport requests\nfrom flask import Flask\n"
    + ROUTER
    + "app = Router('shop')\n\n\n@app.ways(path='/levels', base=os.environ['STOCK_URL'])\ndef levels():\n    pass\n",
    "the default of an argument": "from settings import told\n"
    + served("requests.get('http://stock:1')").replace("requests.get('http://stock:1')", "return fetch()")
    + "\ndef fetch(settings=told()):\n    return requests.get(settings.address)\n",
}
BESIDE = {
    "shop/peers.py": CHOSEN,
    "shop/settings.py": (
        "import os\n\n\nclass Told:\n    address = os.environ['STOCK_URL'] + '/levels'\n\n\n"
        "def told() -> Told:\n    return Told()\n"
    ),
}


@pytest.mark.parametrize("code", SHARED.values(), ids=SHARED)
def test_what_is_handed_around_is_followed(system_of_files: Mapped, code: str) -> None:
    system = system_of_files({**BASE, **BESIDE, "shop/main.py": code})
    assert {(edge.source, edge.target, edge.kind) for edge in system.edges} == {("shop", "stock", "sync")}


def test_a_queue_that_is_injected_and_handed_on_is_published_to(system_of_files: Mapped) -> None:
    system = system_of_files({**BASE, "shop/main.py": QUEUES})
    assert {(edge.target, edge.kind, edge.topics) for edge in system.edges} == {("sqs", "async", ("orders",))}


def test_a_channel_is_a_way_to_a_service_though_its_stub_is_chosen_by_name(system_of_files: Mapped) -> None:
    code = (
        "import grpc\nimport importlib\n\n\ndef asked(name, method, message):\n"
        "    channel = grpc.insecure_channel('stock:7000')\n"
        "    stub = getattr(importlib.import_module(name), 'Stub')(channel)\n"
        "    return getattr(stub, method)(message)\n\n\nasked('stock_grpc', 'Levels', None)\n"
    )
    edges = system_of_files({**BASE, "shop/main.py": code}).edges
    assert [(edge.source, edge.target, edge.protocol) for edge in edges] == [("shop", "stock", "grpc")]


def test_a_proxy_names_the_service_behind_itself(system_of_files: Mapped) -> None:
    code = (
        "from nameko.standalone.rpc import ClusterRpcProxy\n\n"
        "with ClusterRpcProxy({'AMQP_URI': 'amqp://guest:guest@queue:5672'}) as rpc:\n    rpc.levels.all()\n"
    )
    offered = (
        "from nameko.rpc import rpc\n\n\nclass Levels:\n    name = 'levels'\n\n"
        "    @rpc\n    def all(self):\n        return {}\n"
    )
    compose = COMPOSE + "  queue:\n    image: rabbitmq:4\n"
    edges = system_of_files({**BASE, "compose.yaml": compose, "shop/main.py": code, "stock/main.py": offered}).edges
    assert ("shop", "stock", "sync") in {(edge.source, edge.target, edge.kind) for edge in edges}


def test_the_words_at_the_top_of_a_file_hide_no_settings(system_of_files: Mapped) -> None:
    settings = (
        '"""\nThe settings.\n"""\nimport os\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", '
        '"HOST": os.environ.get("DATABASE_HOST")}}\n\n"""\nDATABASES = {"default": {"ENGINE": "sqlite3"}}\n"""\n'
    )
    compose = COMPOSE.replace("STOCK_HOST: stock", "DATABASE_HOST: warehouse")
    edges = system_of_files({**BASE, "compose.yaml": compose, "shop/settings.py": settings}).edges
    assert [(edge.source, edge.target, edge.kind) for edge in edges] == [("shop", "warehouse", "store")]
