"""Which services there are, what they are called, and which of them runs a piece of code."""

from __future__ import annotations

from test_forms import BASE, COMPOSE, Mapped, served

LISTENER = """
import pika
from main import app

channel = pika.BlockingConnection(pika.ConnectionParameters('rabbit')).channel()


def heard(channel, method, properties, body):
    print(app, body)


channel.basic_consume(queue='orders', on_message_callback=heard, auto_ack=True)
channel.start_consuming()
"""


def test_a_consumer_that_imports_the_application_answers_no_requests(system_of_files: Mapped) -> None:
    compose = COMPOSE + "  listener:\n    build: shop\n    command: python -u listen.py\n"
    code = served("requests.get('http://stock:7000/levels')") + "\n\nif __name__ == '__main__':\n    app.run()\n"
    system = system_of_files({**BASE, "compose.yaml": compose, "shop/main.py": code, "shop/listen.py": LISTENER})
    assert [edge.source for edge in system.edges if edge.target == "stock"] == ["shop"]
    offered = {one.name: [end.name for end in one.endpoints] for one in system.services}
    assert offered == {"listener": ["message heard"], "shop": ["GET /"], "stock": ["GET /levels"]}


NAMED = """
services:
  web: {build: ., command: python -m serve}
  again: {build: ., command: python -m again}
"""
SERVE = """
import uvicorn

if __name__ == "__main__":
    uvicorn.Server(uvicorn.Config("shop.web:app", host="0.0.0.0", port=8000)).run()
"""
AGAIN = """
def main():
    from shop import web

    print(web.app)


main()
"""
WEB = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/names")
def names():
    return []
"""


def test_who_has_a_server_run_the_application_answers_its_requests(system_of_files: Mapped) -> None:
    files = {"compose.yaml": NAMED, "serve.py": SERVE, "again.py": AGAIN, "shop/__init__.py": "", "shop/web.py": WEB}
    offered = {one.name: [end.name for end in one.endpoints] for one in system_of_files(files).services}
    assert offered == {"again": [], "web": ["GET /names"]}


def test_what_the_settings_exclude_deploys_nothing(system_of_files: Mapped) -> None:
    files = {**BASE, "compose.dev.yaml": COMPOSE + "  prices:\n    build: stock\n    command: python prices.py\n"}
    assert system_of_files(files).service("prices") is not None
    assert system_of_files(files, exclude=("compose.dev.yaml",)).service("prices") is None


KUBERNETES = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop-front}
spec:
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
      - name: shop
        image: shop_server:latest
        env: [{name: STOCK_URL, value: "http://stock-front"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock-front}
spec:
  template:
    metadata: {labels: {app: stock}}
    spec:
      containers: [{name: stock, image: stock_server}]
"""


def test_one_code_base_has_its_name_from_the_form_that_gives_it_one(system_of_files: Mapped) -> None:
    compose = (
        "services:\n  check: {{build: ., command: flake8}}\n  console: {{build: ., command: python console.py}}\n"
        "  server: {{build: ., image: {0}_server}}\n  db: {{build: docker/db}}\n"
    )
    files = {
        "shop/docker-compose.yml": compose.format("shop"),
        "stock/docker-compose.yml": compose.format("stock"),
        **{f"{name}/docker/db/Dockerfile": "FROM alpine\n" for name in ("shop", "stock")},
        **{f"{name}/Dockerfile": "FROM python:3.12\nCMD python main.py\n" for name in ("shop", "stock")},
        "k8s.yaml": KUBERNETES,
        "shop/main.py": served("requests.get(os.environ['STOCK_URL'])"),
        "stock/main.py": BASE["stock/main.py"],
    }
    system = system_of_files(files)
    assert [(edge.source, edge.target) for edge in system.edges] == [("shop-front", "stock-front")]
    assert [one.name for one in system.services] == ["shop-console", "shop-front", "stock-console", "stock-front"]


def test_a_package_that_is_started_from_inside_loads_what_lies_in_it(system_of_files: Mapped) -> None:
    routes = (
        "import requests\nfrom fastapi import APIRouter\nfrom settings import STOCK\n\nrouter = APIRouter()\n\n\n"
        "@router.get('/')\ndef show():\n    return requests.get(f'{STOCK}/levels').json()\n"
    )
    main = (
        "from fastapi import FastAPI\nfrom routes.shown import router\n\napp = FastAPI()\napp.include_router(router)\n"
    )
    files = {
        **BASE,
        "shop/Dockerfile": "FROM python:3.12\nWORKDIR /app\nCMD python main.py\n",
        "shop/app/main.py": main,
        "shop/app/routes/shown.py": routes,
        "shop/app/settings.py": "import os\n\nSTOCK = os.environ['STOCK_URL']\n",
        "shop/app/redis.py": "",
        **{f"shop/app/{folder}__init__.py": "" for folder in ("", "routes/")},
    }
    system = system_of_files(files)
    assert [(edge.source, edge.target) for edge in system.edges] == [("shop", "stock")]


def test_an_image_is_not_built_in_a_folder_that_only_ends_like_it(system_of_files: Mapped) -> None:
    files = {
        "compose.yaml": "services:\n  front: {image: acme/store-fixed}\n  ads: {image: acme/ads-fixed}\n",
        "ads-fixed/Dockerfile": "FROM python:3.12\nCMD python main.py\n",
        "ads-fixed/main.py": served("return ''"),
    }
    assert [(one.name, one.path) for one in system_of_files(files).services] == [("ads", "ads-fixed"), ("front", "")]


def test_tools_that_nobody_calls_are_no_services_beside_code(system_of_files: Mapped) -> None:
    tools = "".join(f"  tool{number}: {{image: 'vendor/tool{number}'}}\n" for number in range(5))
    system = system_of_files({**BASE, "compose.yaml": COMPOSE + tools, "shop/main.py": served("return ''")})
    assert [one.name for one in system.services] == ["shop", "stock"]


def test_a_cache_beside_a_broker_only_stores(system_of_files: Mapped) -> None:
    compose = COMPOSE + "  rabbit: {image: 'rabbitmq:4'}\n  memory: {image: 'redis:7'}\n"
    code = (
        "const bus = connect('amqp://rabbit')\nconst cache = new Redis('redis://memory')\nbus.publish('orders', cart)\n"
    )
    files = {**BASE, "compose.yaml": compose, "shop/Dockerfile": "FROM node:20\n", "shop/server.js": code}
    edges = {(edge.target, edge.kind, edge.role) for edge in system_of_files(files).edges}
    assert edges == {("memory", "store", ""), ("rabbit", "async", "publish")}


EXTENDED = """
services:
  shop:
    extends: {file: common.yaml, service: any-service}
    build: shop
  stock:
    extends: {file: common.yaml, service: any-service}
    build: stock
    ports: ["7001:7000"]
"""


def test_a_service_takes_over_what_it_extends(system_of_files: Mapped) -> None:
    common = "services:\n  any-service:\n    image: python\n    environment: {STOCK_URL: 'http://stock:7000'}\n"
    files = {**BASE, "compose.yaml": EXTENDED, "common.yaml": common}
    system = system_of_files({**files, "shop/main.py": served("requests.get(os.environ['STOCK_URL'])")})
    assert [one.name for one in system.services] == ["shop", "stock"]
    assert [(edge.source, edge.target) for edge in system.edges] == [("shop", "stock")]


OVERLAY = "services:\n  shop:\n    build: {context: .}\n"


def test_the_paths_of_an_overlay_count_from_the_first_file(system_of_files: Mapped) -> None:
    files = {
        "compose.yaml": "services:\n  shop:\n    image: acme/shop:1\n  stock:\n    image: acme/stock:1\n",
        "docker/dev.yaml": OVERLAY,
        "Dockerfile": "FROM python:3.12\nCMD python main.py\n",
        "main.py": served("requests.get('http://stock:7000/levels')"),
    }
    assert [(edge.source, edge.target) for edge in system_of_files(files).edges] == [("shop", "stock")]


VARIANT = """
services:
  shop: {image: "acme/shop:1"}
  stock: {image: "acme/stock:1"}
  db: {image: "postgres:16"}
"""


def test_a_system_told_twice_is_one_and_two_projects_are_two(system_of_files: Mapped) -> None:
    twice = system_of_files({"deploy/plain/compose.yaml": VARIANT, "example/full/compose.yaml": VARIANT})
    assert [one.name for one in twice.services] == ["shop", "stock"]
    own = "services:\n  web: {build: .}\n  db: {image: 'postgres:16'}\n"
    code = "import psycopg\n" + served("psycopg.connect('postgresql://db/x').execute('SELECT 1')")
    files = {
        f"{name}/{path}": text
        for name in ("shop", "stock")
        for path, text in (("compose.yaml", own), ("Dockerfile", "FROM python:3.12\n"), ("main.py", code))
    }
    apart = system_of_files({**files, "deploy/plain/compose.yaml": "", "example/full/compose.yaml": ""})
    assert len({edge.target for edge in apart.edges}) == 2


def test_another_version_of_the_code_that_nothing_runs_is_no_service(system_of_files: Mapped) -> None:
    code = served("return {}")
    compose = "services:\n  orders: {build: orders-service-fixed}\n  stock: {build: stock}\n"
    files = {**BASE, "compose.yaml": compose, "orders-service-fixed/main.py": code, "orders-service/main.py": code}
    assert [one.name for one in system_of_files(files).services] == ["orders", "stock"]


def test_settings_are_looked_for_in_the_folders_above(system_of_files: Mapped) -> None:
    files = {f"systems/{path}": text for path, text in BASE.items()}
    files |= {
        "systems/compose.yaml": COMPOSE.replace("http://stock:7000", "").replace("STOCK_HOST: stock", "A: b"),
        "systems/.env.example": "PEER_HOST=stock\n",
        "systems/shop/main.py": served("requests.get('http://' + os.environ['PEER_HOST'] + ':7000/levels')"),
    }
    assert [(edge.source, edge.target) for edge in system_of_files(files).edges] == [("shop", "stock")]


CELERY = """
services:
  web: {build: ., command: gunicorn shop.web}
  worker: {build: ., command: celery -A shop.work worker}
  beat: {build: ., command: celery -A shop.work beat -l INFO}
  flower: {build: ., command: celery -A shop.work flower}
  stock: {image: acme/stock}
"""
WORK = """
import requests
from celery import Celery

app = Celery("shop")


@app.task
def restock():
    requests.post("http://stock:7000/levels", timeout=2)
"""
ASKING = """
from flask import Flask

from shop.work import restock

app = Flask(__name__)


@app.post("/restock")
def ask():
    restock.delay()
    return {}
"""


def test_a_clock_and_a_console_run_nothing_of_the_code_they_are_given(system_of_files: Mapped) -> None:
    code = {"shop/__init__.py": "", "shop/work.py": WORK, "shop/web.py": ASKING}
    system = system_of_files({"compose.yaml": CELERY, "Dockerfile": "FROM python:3.12\nCOPY . .\n", **code})
    assert {(edge.source, edge.target) for edge in system.edges} == {("web", "worker"), ("worker", "stock")}
