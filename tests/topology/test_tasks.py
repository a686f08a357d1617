"""Tasks and messages where several processes run the same code: who makes which call, and over which broker."""

from __future__ import annotations

import pytest
from test_forms import Mapped

SETTINGS = (
    "import os\n\nINSTALLED_APPS = ['shop']\nCELERY_BROKER_URL = os.getenv('CELERY_BROKER_URL')\n"
    "AUTH_URL = os.getenv('AUTH_URL')\n"
)
SHOP = {
    "compose.yaml": (
        "services:\n"
        "  web: {build: ./shop, command: python manage.py runserver, env_file: shop/.env}\n"
        "  worker: {build: ./shop, command: celery -A shop worker, env_file: shop/.env}\n"
        "  taker: {build: ./shop, command: python manage.py take, env_file: shop/.env}\n"
        "  auth: {build: ./auth}\n"
        "  log: {image: 'apache/kafka:3.9.0'}\n"
        "  post: {image: 'rabbitmq:4'}\n"
    ),
    "auth/Dockerfile": "FROM python:3.13\nCOPY . .\nCMD python main.py\n",
    "auth/main.py": "print('ready')\n",
    "shop/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "shop/.env": "LOG_SERVERS=log:9092\nCELERY_BROKER_URL=amqp://post:5672/\nAUTH_URL=http://auth:8000/check\n",
    "shop/manage.py": "from django.core.management import execute_from_command_line\n\nexecute_from_command_line()\n",
    "shop/shop/__init__.py": "",
    "shop/shop/settings.py": SETTINGS
    + "REST_FRAMEWORK = {'DEFAULT_AUTHENTICATION_CLASSES': ('shop.doors.Door',)}\n",
    "shop/shop/doors.py": (
        "import requests\nfrom django.conf import settings\n"
        "from rest_framework.authentication import BaseAuthentication\n\n\n"
        "class Door(BaseAuthentication):\n"
        "    def authenticate(self, request):\n"
        "        return requests.post(settings.AUTH_URL, timeout=1).json()\n"
    ),
    "shop/shop/celery.py": (
        "from celery import Celery\n\nfrom shop import settings\n\napp = Celery('shop')\n"
        "app.config_from_object('django.conf:settings', namespace='CELERY')\napp.autodiscover_tasks()\n"
    ),
    "shop/shop/telling.py": (
        "import os\n\nfrom confluent_kafka import Producer\n\n\n"
        "class Telling:\n"
        "    def __init__(self):\n"
        "        self.producer = Producer({'bootstrap.servers': os.environ['LOG_SERVERS']})\n\n"
        "    def sold(self, order):\n"
        "        self.producer.produce(topic='sold', value=order)\n"
    ),
    "shop/shop/tasks.py": (
        "from celery import shared_task\n\nfrom shop.telling import Telling\n\n\n"
        "@shared_task\ndef sell(order):\n    Telling().sold(order)\n"
    ),
    "shop/shop/taking.py": (
        "import os\n\nfrom confluent_kafka import Consumer, Message\n\nfrom shop import tasks\n\n\n"
        "class Taking:\n"
        "    HANDLERS = {'orders': {'placed': tasks.sell}}\n\n"
        "    def __init__(self):\n"
        "        self.consumer = Consumer({'bootstrap.servers': os.environ['LOG_SERVERS'], 'group.id': 'shop'})\n"
        "        self.consumer.subscribe(['orders'])\n\n"
        "    def take(self):\n"
        "        while True:\n"
        "            message: Message = self.consumer.poll(1)\n"
        "            handler = self.HANDLERS[message.topic()][message.key()]\n"
        "            handler.delay(message.value())\n"
    ),
    "shop/shop/management/__init__.py": "",
    "shop/shop/management/commands/__init__.py": "",
    "shop/shop/management/commands/take.py": (
        "from django.core.management import BaseCommand\n\nfrom shop.taking import Taking\n\n\n"
        "class Command(BaseCommand):\n    def handle(self, *args, **options):\n        Taking().take()\n"
    ),
}  # fmt: skip


def pairs(system_of_files: Mapped, files: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.role) for edge in system_of_files(files).edges}


@pytest.fixture
def shop(system_of_files: Mapped) -> set[tuple[str, str, str]]:
    return pairs(system_of_files, SHOP)


def test_what_tasks_reach_through_helpers_only_their_worker_does(shop: set[tuple[str, str, str]]) -> None:
    assert ("worker", "log", "publish") in shop
    assert ("taker", "log", "publish") not in shop


def test_tasks_go_over_the_broker_of_their_own_library(shop: set[tuple[str, str, str]]) -> None:
    assert ("worker", "post", "consume") in shop
    assert ("worker", "log", "consume") not in shop


def test_a_task_out_of_a_table_of_tables_goes_where_others_with_that_code_get_theirs(
    shop: set[tuple[str, str, str]],
) -> None:
    assert {edge for edge in shop if edge[0] == "taker"} == {("taker", "log", "consume"), ("taker", "post", "publish")}


def test_who_asks_is_let_in_where_requests_are_answered(shop: set[tuple[str, str, str]]) -> None:
    assert {edge for edge in shop if edge[1] == "auth"} == {("web", "auth", "")}


def test_what_only_a_command_imports_is_no_mention_of_others(shop: set[tuple[str, str, str]]) -> None:
    assert ("web", "log", "consume") not in shop


SENDING = {
    "compose.yaml": (
        "services:\n"
        "  desk: {build: ./desk, command: python main.py}\n"
        "  mill: {build: ./mill, command: celery -A main worker}\n"
        "  post: {image: 'rabbitmq:4'}\n"
    ),
    "desk/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "mill/Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "mill/main.py": (
        "from celery import Celery\n\napp = Celery('mill', broker='amqp://post:5672/')\n\n\n"
        "@app.task(name='grind')\ndef grind(kind):\n    print(kind)\n\n\n@app.task\ndef sift(kind):\n    print(kind)\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("call", "topic"),
    [
        ("app.signature('grind', queue='fine').delay('rye')", "grind"),
        ("app.send_task('main.sift', args=['rye'])", "sift"),
    ],
)
def test_a_task_is_told_by_its_name_and_not_by_what_it_is_given(
    system_of_files: Mapped, call: str, topic: str
) -> None:
    desk = f"from celery import Celery\n\napp = Celery('desk', broker='amqp://post:5672/')\n{call}\n"
    edges = system_of_files({**SENDING, "desk/main.py": desk}).edges
    sent = next(edge.topics for edge in edges if edge.source == "desk")
    assert topic in sent
    assert "rye" not in sent


def test_a_setting_that_says_who_may_call_is_no_address(system_of_files: Mapped) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  web: {build: ./web, environment: ['CSRF_TRUSTED_ORIGINS=http://localhost:8000', 'PEER_URL=']}\n"
            "  gate: {image: 'nginx:1.29', ports: ['8000:80']}\n"
        ),
        "web/Dockerfile": "FROM python:3.13\nCOPY . .\nCMD python main.py\n",
        "web/main.py": (
            "import os\n\nimport requests\n\nCSRF_TRUSTED_ORIGINS = [os.environ['CSRF_TRUSTED_ORIGINS']]\n"
            "requests.get(os.environ['PEER_URL'], timeout=1)\n"
        ),
    }  # fmt: skip
    assert ("web", "gate", "") not in pairs(system_of_files, files)


def test_a_project_inside_a_service_s_own_folder_runs_that_service_once_more(system_of_files: Mapped) -> None:
    inner = "services:\n  app: {build: ., environment: ['DB=postgres://own/x']}\n  own: {image: 'postgres:17'}\n"
    files = {
        "compose.yaml": (
            "services:\n"
            "  users: {build: ./users, environment: ['DB=postgres://people/x']}\n"
            "  people: {image: 'postgres:17'}\n"
        ),
        "users/compose.yaml": inner,
        "users/Dockerfile": "FROM python:3.13\nCOPY . .\nCMD python main.py\n",
        "users/main.py": "import os\n\nimport psycopg\n\npsycopg.connect(os.environ['DB']).execute('SELECT 1')\n",
    }  # fmt: skip
    assert {one.name for one in system_of_files(files).services} == {"users"}
    assert pairs(system_of_files, files) == {("users", "people", "")}
