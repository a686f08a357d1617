"""How a service names its stores and brokers, in the system of two services that `test_forms` uses."""

from __future__ import annotations

import pytest
from test_forms import BASE, COMPOSE, Mapped, served

INJECTED = """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from database import session

app = FastAPI()


@app.get('/')
def show(db: Session = Depends(session)):
    db.execute('SELECT 1')
"""
ENGINE = """
import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine({address})
Sessions = sessionmaker(bind=engine)


def session():
    with Sessions() as db:
        yield db
"""
STORED = {
    "an address": "'postgresql://warehouse/x'",
    "this machine by default": "f\"postgresql://{os.getenv('UNSET', 'localhost')}:5432/x\"",
    "the machine that runs the containers": "'postgresql://host.docker.internal/x'",
}


@pytest.mark.parametrize("address", STORED.values(), ids=STORED.keys())
def test_a_session_from_elsewhere_leads_where_the_service_opens_its_store(
    system_of_files: Mapped, address: str
) -> None:
    files = {**BASE, "shop/main.py": INJECTED, "shop/database.py": ENGINE.format(address=address)}
    assert [(edge.source, edge.target, edge.kind) for edge in system_of_files(files).edges] == [
        ("shop", "warehouse", "store")
    ]


def test_a_session_on_a_file_leads_nowhere_known(system_of_files: Mapped) -> None:
    files = {**BASE, "shop/main.py": INJECTED, "shop/database.py": ENGINE.format(address="'sqlite:///x.db'")}
    assert not [edge for edge in system_of_files(files).edges if edge.known]


def test_a_port_beside_a_host_says_what_is_there(system_of_files: Mapped) -> None:
    code = "import pymongo\n" + served("return client.shop.items.find_one({})").replace(
        "app = ", "client = pymongo.MongoClient('host.minikube.internal', 27017)\napp = "
    )
    system = system_of_files({**BASE, "shop/main.py": code})
    assert [(edge.target, edge.kind) for edge in system.edges] == [("mongodb", "store")]


def test_the_library_says_the_product_where_nothing_says_the_address(system_of_files: Mapped) -> None:
    code = "from flask_mysqldb import MySQL\n" + served(
        "cursor = mysql.connection.cursor()\ncursor.execute('SELECT 1')"
    ).replace("\n@app", "\nmysql = MySQL(app)\n\n@app")
    system = system_of_files({**BASE, "shop/main.py": code})
    assert [(edge.target, edge.kind, edge.protocol) for edge in system.edges] == [("mysql", "store", "sql")]


KEPT = """
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: orders}
spec:
  type: state.redis
  metadata:
  - {name: redisHost, value: "memory:6379"}
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: news}
spec: {type: pubsub.rabbitmq}
"""
PUBLISHED = """
from dapr.clients import DaprClient
from flask import Flask

app = Flask('shop')


@app.post('/orders')
def order():
    with DaprClient() as client:
        client.save_state(store_name='orders', key='1', value='x')
        client.publish_event(pubsub_name='news', topic_name='ordered', data='{}')
    return {}
"""
HEARD = """
from dapr.ext.fastapi import DaprApp
from fastapi import FastAPI

app = FastAPI()
dapr_app = DaprApp(app)


@dapr_app.subscribe(pubsub='news', topic='ordered')
def ordered(event):
    print(event)
"""


def test_stores_and_brokers_that_a_sidecar_keeps_are_met_by_their_description(system_of_files: Mapped) -> None:
    compose = COMPOSE + "  memory:\n    image: redis:7\n  rabbit:\n    image: rabbitmq:4\n"
    files = {**BASE, "compose.yaml": compose, "shop/main.py": PUBLISHED, "stock/main.py": HEARD}
    edges = system_of_files({**files, "components/all.yaml": KEPT}).edges
    assert {(edge.source, edge.target, edge.kind, edge.role) for edge in edges} == {
        ("shop", "memory", "store", ""),
        ("shop", "rabbit", "async", "publish"),
        ("stock", "rabbit", "async", "consume"),
    }


def test_without_a_description_a_store_has_the_name_it_is_kept_under(system_of_files: Mapped) -> None:
    edges = system_of_files({**BASE, "shop/main.py": PUBLISHED, "stock/main.py": HEARD}).edges
    assert {(edge.source, edge.target, edge.kind) for edge in edges} == {
        ("shop", "orders", "store"), ("shop", "stock", "async"),
    }  # fmt: skip
