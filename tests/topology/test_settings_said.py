"""Whose settings and which of several stores count for a service."""

from __future__ import annotations

from test_built import IMAGE
from test_forms import Mapped
from test_unseen import COMPOSE, pairs

QUERY = (
    "import os\n\nimport psycopg\nfrom dotenv import load_dotenv\n\nload_dotenv()\n"
    "psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1')\n"
)


def test_what_the_environment_says_goes_before_a_file_of_settings(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  shop:\n    build: shop\n    environment: {DATABASE_URL: 'postgresql://ledger/x'}\n"
            "  ledger: {image: postgres}\n  archive: {image: postgres}\n"
        ),
        "shop/Dockerfile": IMAGE,
        "shop/main.py": QUERY,
        "shop/.env": "DATABASE_URL=postgresql://archive/x\n",
    }
    assert pairs(system_of_files, files) == {("shop", "ledger", "store")}


def test_of_two_stores_at_one_port_of_this_machine_the_nearer_is_meant(system_of_files: Mapped) -> None:
    store = "{image: postgres, ports: ['5432:5432']}\n"
    files = {COMPOSE: f"services:\n  ledger: {store}", "shop/compose.yaml": f"services:\n  archive: {store}"}
    for name in ("shop", "bills"):
        files[f"{name}/Dockerfile"] = IMAGE
        files[f"{name}/main.py"] = QUERY
        files[f"{name}/.env"] = "DATABASE_URL=postgresql://localhost:5432/x\n"
    assert pairs(system_of_files, files) == {("shop", "archive", "store"), ("bills", "ledger", "store")}


def test_a_store_on_this_machine_that_code_of_another_language_names(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: shop}\n  rabbit: {image: 'rabbitmq:4', ports: ['5672:5672']}\n",
        "shop/Dockerfile": "FROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY . .\nENTRYPOINT dotnet Shop.dll\n",
        "shop/Program.cs": 'configuration.Host(new Uri("amqp://guest:guest@localhost:5672/"));\n',
    }
    assert pairs(system_of_files, files) == {("shop", "rabbit", "async")}


def test_a_store_that_the_image_of_another_language_is_given(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: shop}\n  papers: {image: 'mongo:7'}\n",
        "shop/Dockerfile": "FROM node:22\nENV MONGO_URL=mongodb://papers:27017/shop\nCOPY . .\nCMD node main.js\n",
        "shop/main.js": "Meteor.startup(() => {})\n",
    }
    assert pairs(system_of_files, files) == {("shop", "papers", "store")}


def test_a_scheme_alone_means_the_product_on_this_machine(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: shop}\n  rabbit: {image: 'rabbitmq:4'}\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": (
            "from celery import Celery\n\napp = Celery('shop')\napp.conf.update(broker_url='amqp://')\n\n\n"
            "@app.task\ndef bill():\n    return 1\n\n\nbill.delay()\n"
        ),
    }
    assert pairs(system_of_files, files) == {("shop", "rabbit", "async")}


def test_a_folder_with_a_manifest_is_the_whole_of_a_service(system_of_files: Mapped) -> None:
    route = (
        "from flask_smorest import Blueprint\n\nblp = Blueprint('x', 'x')\n\n\n"
        "@blp.route('/x')\ndef show():\n    return []\n"
    )
    files = {}
    for name in ("shop-orders", "shop-bills"):
        files[f"{name}/requirements.txt"] = "flask-smorest\n"
        files[f"{name}/app/resources/orders.py"] = route
    assert [one.name for one in system_of_files(files).services] == ["shop-bills", "shop-orders"]


def test_the_port_that_a_service_publishes_on_this_machine_is_its_own(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: shop, ports: ['8000:8000']}\n  stock: {build: stock}\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": "import requests\n\nrequests.get('http://localhost:8000/plugins', timeout=1)\n",
        "stock/Dockerfile": IMAGE,
        "stock/main.py": (
            "import uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/levels')\n"
            "def levels():\n    return []\n\n\nuvicorn.run(app, port=8000)\n"
        ),
    }
    assert pairs(system_of_files, files) == set()


def test_a_clock_puts_tasks_into_the_queue_that_its_workers_take_them_from(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  worker: {build: ., command: celery -A shop.tasks worker}\n"
            "  clock: {build: ., command: celery -A shop.tasks beat}\n  cache: {image: 'redis:7'}\n"
        ),
        "Dockerfile": "FROM python:3.12\nCOPY . .\n",
        "shop/__init__.py": "",
        "shop/tasks.py": (
            "from celery import Celery\n\napp = Celery('shop', broker='redis://cache:6379/0')\n"
            "app.conf.beat_schedule = {'bill': {'task': 'shop.tasks.bill', 'schedule': 60.0}}\n\n\n"
            "@app.task\ndef bill():\n    return 1\n"
        ),
    }
    assert pairs(system_of_files, files) == {("worker", "cache", "async"), ("clock", "cache", "async")}
    roles = {edge.source: edge.role for edge in system_of_files(files).edges}
    assert roles == {"worker": "consume", "clock": "publish"}


def test_a_clock_that_keeps_its_times_in_the_database_reads_that_of_its_workers(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  worker: {build: ., command: celery -A shop.tasks worker}\n"
            "  clock:\n    build: .\n"
            "    command: celery -A shop.tasks beat -S django_celery_beat.schedulers:DatabaseScheduler\n"
            "  ticker: {build: ., command: celery -A shop.tasks beat}\n"
            "  cache: {image: 'redis:7'}\n  db: {image: 'postgres:16'}\n"
        ),
        "Dockerfile": "FROM python:3.12\nCOPY . .\n",
        "shop/__init__.py": "",
        "shop/tasks.py": (
            "import psycopg2\nfrom celery import Celery\n\napp = Celery('shop', broker='redis://cache:6379/0')\n\n\n"
            "@app.task\ndef bill():\n    with psycopg2.connect(host='db') as rows:\n"
            "        rows.cursor().execute('SELECT 1')\n"
        ),
    }
    stored = {pair for pair in pairs(system_of_files, files) if pair[2] == "store"}
    assert stored == {("worker", "db", "store"), ("clock", "db", "store")}


def test_a_host_is_taken_out_of_a_table_that_is_written_as_a_call(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: ., environment: [MAIL_HOST=mailer]}\n  mailer: {image: 'acme/mailer:1'}\n",
        "Dockerfile": "FROM python:3.12\nCOPY . .\nCMD python main.py\n",
        "main.py": (
            "import os\nimport smtplib\n\n\ndef mail_server():\n"
            "    return dict(host=os.environ.get('MAIL_HOST', 'localhost'), port=25)\n\n\n"
            "HOST = mail_server()['host']\n\nsmtplib.SMTP(HOST, 25).sendmail('a', 'b', 'c')\n"
        ),
    }
    assert pairs(system_of_files, files) == {("shop", "mailer", "sync")}


TIMED = """
from nameko.rpc import RpcProxy, rpc
from statsd import StatsClient


class {0}Service:
    name = "{1}_service"
    other = RpcProxy("{2}_service")
    metrics = StatsClient("statsd")

    @rpc
    @metrics.timer("{1}")
    def ask(self, number):
        return {3}
"""


def test_a_service_is_found_by_the_name_that_its_class_has_whatever_else_decorates_its_methods(
    system_of_files: Mapped,
) -> None:
    files = {
        COMPOSE: "services:\n  orders: {build: orders}\n  bills: {build: bills}\n",
        "orders/Dockerfile": "FROM python:3.12\nCOPY . .\nCMD nameko run app\n",
        "orders/app.py": TIMED.format("Orders", "orders", "bills", "self.other.ask(number)"),
        "bills/Dockerfile": "FROM python:3.12\nCOPY . .\nCMD nameko run app\n",
        "bills/app.py": TIMED.format("Bills", "bills", "orders", "number"),
    }
    assert pairs(system_of_files, files) == {("orders", "bills", "sync")}
