"""What images are built from, and which of what is built is a service, a store, or only there for others."""

from __future__ import annotations

from test_forms import Mapped
from test_unseen import COMPOSE, pairs

CONSUMER = """
from kafka import KafkaConsumer

for message in KafkaConsumer('orders', bootstrap_servers='kafka:9092'):
    print(message)
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}}}
spec:
  template:
    metadata: {{labels: {{app: {0}}}}}
    spec:
      containers: [{{name: main, image: '{1}'}}]
---
"""
IMAGE = 'FROM python:3.12\nCOPY . .\nCMD ["python", "main.py"]\n'


def test_an_image_called_after_a_broker_is_a_service_where_its_code_is_here(system_of_files: Mapped) -> None:
    files = {
        "k8s.yaml": DEPLOYMENT.format("kafka", "apache/kafka:4.1")
        + DEPLOYMENT.format("kafka-consumer", "shop.example/kafka-consumer"),
        "kafka-consumer/Dockerfile": IMAGE,
        "kafka-consumer/main.py": CONSUMER,
    }
    assert [one.name for one in system_of_files(files).services] == ["kafka-consumer"]
    assert pairs(system_of_files, files) == {("kafka-consumer", "kafka", "async")}


def test_what_a_broker_is_built_of_here_is_no_code_of_a_service(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n"
            "  rabbitmq: {build: {context: ., dockerfile: docker/rabbitmq/Dockerfile}, command: rabbitmq-server}\n"
            "  relay: {build: {context: ., dockerfile: docker/relay/Dockerfile}, command: relayd}\n"
            "  orders: {build: {context: ., dockerfile: docker/orders/Dockerfile}}\n"
        ),
        "docker/rabbitmq/Dockerfile": "FROM debian:12\nCOPY docker/rabbitmq/rabbitmq.conf /etc/rabbitmq/\n",
        "docker/rabbitmq/rabbitmq.conf": "listeners.tcp.default = 5672\n",
        "docker/relay/Dockerfile": "FROM debian:12\nCOPY docker/relay/relay.cfg /etc/\n",
        "docker/orders/Dockerfile": 'FROM python:3.12\nCOPY orders /app\nCMD ["python", "main.py"]\n',
        "orders/main.py": (
            "import pika\n\nchannel = pika.BlockingConnection(pika.ConnectionParameters('rabbitmq')).channel()\n"
            "channel.basic_publish('', 'orders', b'1')\n"
        ),
        "tools/ask.py": "import requests\n\nrequests.get('http://orders:8000/', timeout=1)\n",
    }
    system = system_of_files(files)
    assert {one.name for one in system.services} == {"orders", "relay"}
    assert [one.name for one in system.stores] == ["rabbitmq"]
    assert pairs(system_of_files, files) == {("orders", "rabbitmq", "async")}


def test_an_image_that_is_only_built_on_is_no_service(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  base: {image: shop/base, build: {context: ., dockerfile: base/Dockerfile}}\n"
            "  orders: {build: {context: ., dockerfile: orders/Dockerfile}}\n"
        ),
        "base/Dockerfile": "FROM python:3.12\nCOPY shared /shared\n",
        "shared/ask.py": "import requests\n\n\ndef ask():\n    return requests.get('http://bills', timeout=1)\n",
        "orders/Dockerfile": 'FROM shop/base\nCOPY orders /app\nCMD ["python", "main.py"]\n',
        "orders/main.py": "print('ready')\n",
    }
    assert [one.name for one in system_of_files(files).services] == ["orders"]


def test_settings_written_in_code_beside_a_dockerfile_are_not_all_of_it(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  alerts: {build: {context: ., dockerfile: docker/alerts/Dockerfile}}\n"
            "  rest: {build: {context: ., dockerfile: docker/rest/Dockerfile}}\n"
        ),
        "docker/alerts/Dockerfile": (
            "FROM python:3.12\nCOPY alerts /app\nCOPY docker/alerts/config.py /app/\nCMD python main.py\n"
        ),
        "docker/alerts/config.py": "LEVEL = 3\n",
        "docker/rest/Dockerfile": "FROM python:3.12\nCOPY rest /app\nCMD python main.py\n",
        "alerts/main.py": "import requests\n\nrequests.get('http://rest:8000/levels', timeout=1)\n",
        "rest/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("alerts", "rest", "sync")}


def test_the_file_that_others_vary_says_what_a_service_is_built_from(system_of_files: Mapped) -> None:
    files = {
        "docker-compose.yml": "services:\n  web: {build: web}\n  shop: {build: shop}\n",
        "docker-compose.cloud.yml": "services:\n  web: {build: cloud}\n",
        "cloud/Dockerfile": IMAGE,
        "cloud/main.py": "print('ready')\n",
        "web/Dockerfile": IMAGE,
        "web/main.py": "import requests\n\nrequests.get('http://shop:8000/', timeout=1)\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("web", "shop", "sync")}


def test_two_folders_called_src_are_two_services(system_of_files: Mapped) -> None:
    files = {}
    for name in ("reader", "writer"):
        files[f"{name}/src/Dockerfile"] = IMAGE
        files[f"{name}/src/main.py"] = "print('ready')\n"
    files["reader/src/main.py"] = "import requests\n\nrequests.get('http://writer:8000/', timeout=1)\n"
    assert [one.name for one in system_of_files(files).services] == ["reader", "writer"]
    assert pairs(system_of_files, files) == {("reader", "writer", "sync")}


def test_a_configuration_that_an_image_copies_belongs_to_it_and_not_to_who_has_the_whole_folder(
    system_of_files: Mapped,
) -> None:
    files = {
        COMPOSE: (
            "services:\n  checks: {build: ., command: python check.py}\n"
            "  front: {build: {context: ., dockerfile: docker/front/Dockerfile}}\n"
            "  shop: {build: {context: ., dockerfile: docker/shop/Dockerfile}}\n"
        ),
        "Dockerfile": "FROM python:3.12\nCOPY . .\n",
        "check.py": "print('ready')\n",
        "docker/front/Dockerfile": "FROM nginx\nCOPY docker/front/files/nginx.conf /etc/nginx/nginx.conf\n",
        "docker/front/files/nginx.conf": "http { server { location / { proxy_pass http://shop:8000; } } }\n",
        "docker/shop/Dockerfile": 'FROM python:3.12\nCOPY shop /app\nCMD ["python", "main.py"]\n',
        "shop/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("front", "shop", "sync")}


def test_a_gateway_that_is_published_is_shown_though_its_configuration_is_elsewhere(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  front: {image: nginx, ports: ['80:80']}\n  inner: {image: nginx}\n  shop: {build: .}\n",
        "Dockerfile": IMAGE,
        "main.py": "print('ready')\n",
    }
    assert {one.name for one in system_of_files(files).services} == {"front", "shop"}


def test_most_of_what_is_copied_tells_the_folder_of_a_service(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  api: {build: {context: ., dockerfile: docker/Dockerfile.api}}\n"
            "  work: {build: {context: ., dockerfile: docker/Dockerfile.work}}\n"
        ),
        "docker/Dockerfile.api": (
            "FROM python:3.12\nCOPY shared /shared\nCOPY ./back/main.py /app/\nCOPY ./back/shop /app/shop\n"
            'CMD ["python", "main.py"]\n'
        ),
        "docker/Dockerfile.work": (
            'ARG PART="inner"\nARG FOLDER="${PART}/worker"\nFROM python:3.12\nARG FOLDER\nCOPY shared /shared\n'
            'COPY ./${FOLDER}/requirements.txt .\nCOPY ./${FOLDER}/*.py .\nCMD ["python", "main.py"]\n'
        ),
        "back/main.py": "import requests\n\nrequests.get('http://work:8000/', timeout=1)\n",
        "back/shop/__init__.py": "",
        "inner/worker/main.py": "print('ready')\n",
        "shared/__init__.py": "",
        "data/fetch.py": "import requests\n\nrequests.get('https://data.example.com/x', timeout=1)\n",
    }
    assert pairs(system_of_files, files) == {("api", "work", "sync")}
    folders = {one.name: one.path for one in system_of_files(files).services}
    assert folders == {"api": "back", "work": "inner/worker"}


def test_what_the_environment_of_an_image_says_fills_what_it_copies(system_of_files: Mapped) -> None:
    image = (
        "FROM python:3.12 AS base\nENV PART={0}\nFROM base\nCOPY ${{PART}}/requirements.txt ./\nCOPY ${{PART}}/ ./\n"
    )
    files = {
        COMPOSE: (
            "services:\n  api: {build: {context: ., dockerfile: docker/api.Dockerfile}, command: python main.py}\n"
            "  work: {build: {context: ., dockerfile: docker/work.Dockerfile}, command: python main.py}\n"
        ),
        "docker/api.Dockerfile": image.format("back"),
        "docker/work.Dockerfile": image.format("inner"),
        "back/main.py": "import requests\n\nrequests.get('http://work:8000/', timeout=1)\n",
        "inner/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("api", "work", "sync")}
    assert {one.name: one.path for one in system_of_files(files).services} == {"api": "back", "work": "inner"}


def test_scripts_beside_services_that_are_deployed_are_none(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: shop}\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": "print('ready')\n",
        "scripts/bot/stats.py": (
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/stats')\ndef stats():\n    return []\n"
        ),
    }
    assert [one.name for one in system_of_files(files).services] == ["shop"]


def test_a_store_is_known_by_its_name_where_its_image_says_nothing(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  redis: {image: example/hotcache}\n  rest: {image: example/papers}\n  shop: {build: .}\n",
        "Dockerfile": IMAGE,
        "main.py": (
            "import redis\nfrom pymongo import MongoClient\n\nredis.Redis(host='redis', port=6379).incr('hits')\n"
            "MongoClient(host='rest').shop.orders.find_one({})\n"
        ),
    }
    system = system_of_files(files)
    assert [one.name for one in system.services] == ["shop"]
    assert {one.name: one.product for one in system.stores} == {"redis": "redis", "rest": "mongodb"}


def test_a_gateway_s_configuration_needs_no_ending(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  front: {build: front}\n  shop: {build: shop}\n",
        "front/Dockerfile": "FROM nginx\nCOPY conf /etc/nginx/conf.d/default.conf\n",
        "front/conf": "server { location / { proxy_pass http://shop:8000; } }\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("front", "shop", "sync")}


def test_a_development_server_hands_requests_on(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  front: {build: front}\n  shop: {build: shop}\n",
        "front/Dockerfile": "FROM node:22\nCOPY . .\nCMD npm start\n",
        "front/package.json": '{"name": "front", "proxy": "http://shop:8000"}\n',
        "front/src/index.js": "fetch('/levels')\n",
        "shop/Dockerfile": IMAGE,
        "shop/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("front", "shop", "sync")}


def test_a_deployment_with_a_general_name_is_built_from_the_folder_of_that_service(system_of_files: Mapped) -> None:
    files = {
        "k8s.yaml": DEPLOYMENT.format("gateway", "shop.example/gateway") + DEPLOYMENT.format("stock", "x/stock"),
        "gateway-service/Dockerfile": IMAGE,
        "gateway-service/main.py": "import requests\n\nrequests.get('http://stock:8000/', timeout=1)\n",
        "stock/Dockerfile": IMAGE,
        "stock/main.py": "print('ready')\n",
    }
    assert pairs(system_of_files, files) == {("gateway", "stock", "sync")}


def test_the_name_of_an_image_says_more_than_a_general_name(system_of_files: Mapped) -> None:
    files = {}
    for name in ("api", "stock"):
        files[f"{name}_service/deploy/compose.yaml"] = (
            f"services:\n  api: {{image: '{name}_service:1.0', container_name: {name}-service}}\n"
        )
        files[f"{name}_service/Dockerfile"] = IMAGE
        files[f"{name}_service/main.py"] = "print('ready')\n"
    files["api_service/main.py"] = "import requests\n\nrequests.get('http://stock-service:7000/x', timeout=1)\n"
    assert pairs(system_of_files, files) == {("api-service", "stock-service", "sync")}
