"""What a service runs of the code that it shares: by its command, by its image's script, by what those load."""

from __future__ import annotations

import pytest
from test_forms import BASE, COMPOSE, Mapped, served

SHARED = {
    "compose.yaml": """
services:
  taking:
    build: {context: ., dockerfile: docker/taking/Dockerfile}
    environment: {STORE_URL: "postgresql://ledger/x", QUEUE_URL: "redis://line:6379"}
  keeping:
    build: {context: ., dockerfile: docker/keeping/Dockerfile}
    environment: {STORE_URL: "postgresql://ledger/x", QUEUE_URL: "redis://line:6379"}
  ledger: {image: "postgres:16"}
  line: {image: "redis:7"}
""",
    "docker/taking/Dockerfile": 'FROM python:3.12\nCOPY shop shop\nENTRYPOINT ["sh", "/app/docker/taking/start.sh"]\n',
    "docker/taking/start.sh": "#!/bin/sh\nset -eu\necho ready\nexec python -m shop.taking\n",
    "docker/keeping/Dockerfile": 'FROM python:3.12\nCOPY shop shop\nENTRYPOINT ["/app/docker/keeping/start.sh"]\n',
    "docker/keeping/start.sh": "#!/bin/sh\nexec python -m shop.keeping\n",
    "shop/__init__.py": "",
    "shop/settings.py": (
        "import os\n\n\ndef settings():\n"
        "    return {'store': os.environ['STORE_URL'], 'queue': os.environ.get('QUEUE_URL', 'redis://line:6379')}\n"
    ),
    "shop/line.py": (
        "import os\n\nimport redis\n\nline = redis.Redis.from_url(os.environ['QUEUE_URL'])\n\n\n"
        "def put(text):\n    line.rpush('orders', text)\n\n\ndef take():\n    return line.blpop('orders')\n"
    ),
    "shop/store.py": (
        "import os\n\nimport psycopg\n\n\ndef keep(text):\n    with psycopg.connect(os.environ['STORE_URL']) as db:\n"
        "        db.execute('INSERT INTO orders VALUES (%s)', (text,))\n"
    ),
    "shop/taking.py": "from shop.line import put\nfrom shop.settings import settings\n\nput(settings()['queue'])\n",
    "shop/keeping.py": (
        "from shop.line import take\nfrom shop.settings import settings\nfrom shop.store import keep\n\n"
        "print(settings())\nwhile True:\n    keep(take())\n"
    ),
}


def test_services_of_one_package_call_what_their_own_scripts_load(system_of_files: Mapped) -> None:
    system = system_of_files(SHARED)
    assert {(edge.source, edge.target) for edge in system.edges} == {
        ("taking", "line"), ("keeping", "line"), ("keeping", "ledger")
    }  # fmt: skip


SCRIPTS = {
    "exec": ("exec gunicorn main:app --bind 0.0.0.0:7000\n", True),
    "its last line": ("python wait.py\ngunicorn main:app\n", True),
    "what it is handed": ('exec "$@"\n', False),
    "several at once": ("python other.py &\ngunicorn main:app\n", False),
}


@pytest.mark.parametrize(("script", "told"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_script_is_followed_where_it_ends_in_one_command(system_of_files: Mapped, script: str, told: bool) -> None:
    files = {
        **BASE,
        "shop/Dockerfile": "FROM python:3.12\nCOPY . .\nENTRYPOINT /entry.sh\n",
        "shop/entry.sh": f"#!/bin/sh\n# starts it\n{script}",
        "shop/main.py": served("return {}"),
        "shop/tool.py": "import requests\n\nrequests.get('http://stock:7000/levels')\n",
    }
    edges = system_of_files(files).edges
    assert [edge.target for edge in edges] == ([] if told else ["stock"])


def test_a_server_is_not_taken_for_its_own_settings_file(system_of_files: Mapped) -> None:
    files = {
        **BASE,
        "shop/Dockerfile": "FROM python:3.12\nCMD gunicorn -c gunicorn.conf.py main:app\n",
        "shop/gunicorn.conf.py": "bind = '0.0.0.0:7000'\n",
        "shop/main.py": served("requests.get('http://stock:7000/levels')"),
    }
    assert [(edge.source, edge.target) for edge in system_of_files(files).edges] == [("shop", "stock")]


URLS = "from django.urls import path\n\nfrom orders import views\n\nurlpatterns = [path('orders', views.orders)]\n"
VIEWS = "import requests\n\n\ndef orders(request):\n    return requests.get('http://stock:7000/levels').json()\n"
DJANGO = {
    **BASE,
    "shop/Dockerfile": "FROM python:3.12\nCMD gunicorn shop.wsgi:application\n",
    "shop/manage.py": "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
    "shop/shop/__init__.py": "",
    "shop/shop/settings.py": "INSTALLED_APPS = ['orders']\nROOT_URLCONF = 'shop.urls'\n",
    "shop/shop/wsgi.py": (
        "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
    ),
    "shop/shop/urls.py": URLS,
    "shop/orders/__init__.py": "",
    "shop/orders/views.py": VIEWS,
    "shop/orders/management/__init__.py": "",
    "shop/orders/management/commands/__init__.py": "",
    "shop/orders/management/commands/bill_orders.py": (
        "import requests\nfrom django.core.management.base import BaseCommand\n\n\nclass Command(BaseCommand):\n"
        "    def handle(self, *args, **options):\n        requests.post('http://billing:7000/bills')\n"
    ),
}


def test_an_application_that_finds_its_code_by_name_runs_it(system_of_files: Mapped) -> None:
    assert ("shop", "stock") in {(edge.source, edge.target) for edge in system_of_files(DJANGO).edges}


def test_a_projects_own_command_runs_what_its_file_loads(system_of_files: Mapped) -> None:
    compose = COMPOSE + (
        "  biller:\n    build: shop\n    command: python manage.py bill_orders\n"
        "  billing:\n    image: acme/billing:1\n    ports: ['7002:7000']\n"
    )
    system = system_of_files({**DJANGO, "compose.yaml": compose})
    assert [edge.target for edge in system.edges if edge.source == "biller"] == ["billing"]


COMMANDS = """
import requests
import typer

app = typer.Typer()


@app.command()
def send_orders():
    requests.post('http://stock:7000/orders')


@app.command()
def send_bills():
    requests.post('http://billing:7000/bills')


app()
"""


def test_one_of_several_commands_of_a_program_runs_only_what_it_reaches(system_of_files: Mapped) -> None:
    compose = """
services:
  orders: {build: shop, command: python -m send send-orders}
  bills: {build: shop, command: python -m send send-bills}
  stock: {build: stock, ports: ["7001:7000"]}
  billing: {image: "acme/billing:1", ports: ["7002:7000"]}
"""
    system = system_of_files({**BASE, "compose.yaml": compose, "shop/send.py": COMMANDS})
    assert {(edge.source, edge.target) for edge in system.edges} == {("orders", "stock"), ("bills", "billing")}


def test_a_script_beside_a_service_is_not_run_by_it(system_of_files: Mapped) -> None:
    files = {
        **BASE,
        "shop/Dockerfile": "FROM python:3.12\nCMD python manage.py runserver\n",
        "shop/main.py": served("return {}"),
        "shop/seed.py": (
            "import requests\n\n\ndef seed():\n    requests.post('http://stock:7000/levels')\n\n\n"
            "if __name__ == '__main__':\n    seed()\n"
        ),
    }
    assert system_of_files(files).edges == ()


def test_a_process_of_a_procfile_is_the_service_that_compose_runs(system_of_files: Mapped) -> None:
    files = {
        "compose.yaml": "services:\n  site:\n    build: .\n    command: python main.py\n"
        "  jobs:\n    build: .\n    command: celery -A tasks worker\n  stock: {image: 'acme/stock:1'}\n",
        "Procfile": "web: gunicorn main:app\nworker: celery -A tasks worker\n",
        "Dockerfile": "FROM python:3.12\n",
        "main.py": served("requests.get('http://stock:7000/levels')"),
        "tasks.py": "from celery import Celery\n\napp = Celery()\n\n\n@app.task\ndef pay():\n    return 1\n",
    }
    assert {one.name for one in system_of_files(files).services} == {"site", "jobs", "stock"}
