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


def test_what_a_framework_injects_may_have_a_name_of_its_own(system_of_files: Mapped) -> None:
    code = (
        INJECTED.replace("Session = Depends(session)", "Database")
        .replace("from fastapi", "from typing import Annotated\n\nfrom fastapi")
        .replace("app = ", "Database = Annotated[Session, Depends(session)]\napp = ")
    )
    files = {**BASE, "shop/main.py": code, "shop/database.py": ENGINE.format(address="'postgresql://warehouse/x'")}
    assert [(edge.source, edge.target) for edge in system_of_files(files).edges] == [("shop", "warehouse")]


RENAMED = """
from sqlalchemy import create_engine

from platform_settings import read

engine = create_engine(read('database'))


def session():
    return engine.connect()
"""
PLACES = {
    "its own environment": "    environment: {SHOP_STORE: 'postgresql://warehouse/x'}\n    depends_on: [attic]\n",
    "a hole that nothing fills": "    environment: {STORE: '${SHOP_STORE}'}\n    depends_on: [stock, warehouse]\n",
    "what it waits for": "    depends_on: [warehouse]\n",
}


def _stored_by(system_of_files: Mapped, said: str) -> list[tuple[str, str]]:
    compose = f"services:\n  shop:\n    build: shop\n{said}" + "".join(
        f"  {name}: {{image: 'postgres:16'}}\n" for name in ("warehouse", "attic")
    )
    files = {**BASE, "compose.yaml": compose, "shop/main.py": INJECTED, "shop/database.py": RENAMED}
    return [(edge.target, edge.kind) for edge in system_of_files(files).edges if edge.known]


@pytest.mark.parametrize("said", PLACES.values(), ids=PLACES.keys())
def test_a_store_that_code_leaves_open_is_the_one_that_the_service_is_given(system_of_files: Mapped, said: str) -> None:
    assert _stored_by(system_of_files, said) == [("warehouse", "store")]


def test_a_store_stays_open_where_a_service_waits_for_two(system_of_files: Mapped) -> None:
    assert not _stored_by(system_of_files, "    depends_on: [warehouse, attic]\n")


def test_a_configuration_file_of_code_that_two_services_run_is_for_neither(system_of_files: Mapped) -> None:
    services = "".join(
        f"  {name}:\n    build: shop\n    environment: {{{name.upper()}_STORE: 'postgresql://{store}/x'}}\n"
        for name, store in (("orders", "warehouse"), ("returns", "attic"))
    )
    stores = "  warehouse: {image: 'postgres:16'}\n  attic: {image: 'postgres:16'}\n"
    files = {
        "compose.yaml": f"services:\n{services}{stores}",
        "shop/Dockerfile": BASE["shop/Dockerfile"],
        "shop/main.py": INJECTED,
        "shop/database.py": RENAMED,
        "shop/config.yml": "store: postgresql://attic/x\n",
    }
    assert {(edge.source, edge.target) for edge in system_of_files(files).edges} == {
        ("orders", "warehouse"), ("returns", "attic"),
    }  # fmt: skip


OUTSIDE = {
    "a queue of the provider's": (
        "import boto3\n" + served("boto3.client('sqs').send_message(QueueUrl=os.environ['ORDERS'], MessageBody='')"),
        ("sqs", "async"),
    ),
    "a library for one provider": ("import stripe\n" + served("stripe.PaymentIntent.create()"), ("stripe", "sync")),
}


@pytest.mark.parametrize(("code", "end"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_client_that_is_given_no_address_leads_to_what_it_is_made_for(
    system_of_files: Mapped, code: str, end: tuple[str, str]
) -> None:
    system = system_of_files({**BASE, "shop/main.py": code})
    assert [(edge.target, edge.kind) for edge in system.edges] == [end]


def test_streams_that_one_reads_are_the_keys_of_a_mapping(system_of_files: Mapped) -> None:
    client = "import redis\n" + served("{}").replace("app = ", "client = redis.Redis('memory')\napp = ")
    files = {
        **BASE,
        "compose.yaml": COMPOSE + "  memory:\n    image: redis:7\n",
        "shop/main.py": client.format("client.xadd('orders', dict(id=1))"),
        "stock/main.py": client.format("client.xread(streams={'orders': '$'})"),
    }
    assert {(edge.source, edge.role, edge.topics) for edge in system_of_files(files).edges} == {
        ("shop", "publish", ("orders",)), ("stock", "consume", ("orders",)),
    }  # fmt: skip


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


UNUSED = """
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    DATABASE_URL: str = 'postgresql://warehouse/x'
    CACHE_URL: str = 'redis://cache:6379/0'


settings = Settings()
"""


def test_a_setting_that_no_library_could_use_is_no_way_to_a_store(system_of_files: Mapped) -> None:
    compose = COMPOSE + "  cache:\n    image: redis:7\n"
    files = {**BASE, "compose.yaml": compose, "shop/settings.py": UNUSED}
    code = "from settings import settings\n" + served("return settings.DATABASE_URL")
    assert system_of_files({**files, "shop/main.py": code}).edges == ()
    edges = system_of_files({**files, "shop/main.py": "from slowapi import Limiter\n" + code}).edges
    assert {edge.target for edge in edges} == {"cache"}


MODEL = """
from django.db import models


class Product(models.Model):
    picture = models.URLField()
"""


def test_a_web_address_in_a_row_is_no_database(system_of_files: Mapped) -> None:
    code = "from models import Product\n" + served("Product(picture='https://pictures.example.com/1.png').save()")
    system = system_of_files({**BASE, "shop/models.py": MODEL, "shop/main.py": code})
    assert all("example" not in edge.target for edge in system.edges)


@pytest.mark.parametrize("image", ["acme/shop-mysqldb:1", "acme/moviesdb", "acme/orders-db"])
def test_an_image_called_after_a_database_is_one(system_of_files: Mapped, image: str) -> None:
    compose = COMPOSE.replace("postgres:16", image)
    code = "import psycopg\n" + served("psycopg.connect('postgresql://warehouse/x').execute('SELECT 1')")
    system = system_of_files({**BASE, "compose.yaml": compose, "shop/main.py": code})
    assert [one.name for one in system.stores] == ["warehouse"]
    assert [edge.kind for edge in system.edges] == ["store"]
