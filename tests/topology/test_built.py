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
            "  rabbitmq: {build: {context: ., dockerfile: images/rabbitmq/Dockerfile}, command: rabbitmq-server}\n"
            "  relay: {build: {context: ., dockerfile: images/relay/Dockerfile}, command: relayd}\n"
            "  orders: {build: {context: ., dockerfile: images/orders/Dockerfile}}\n"
        ),
        "images/rabbitmq/Dockerfile": "FROM debian:12\nCOPY images/rabbitmq/rabbitmq.conf /etc/rabbitmq/\n",
        "images/rabbitmq/rabbitmq.conf": "listeners.tcp.default = 5672\n",
        "images/relay/Dockerfile": "FROM debian:12\nCOPY images/relay/relay.cfg /etc/\n",
        "images/orders/Dockerfile": 'FROM python:3.12\nCOPY orders /app\nCMD ["python", "main.py"]\n',
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
        "docker-compose.cloud.yml": "services:\n  web: {image: nginx}\n",
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
            "  front: {build: {context: ., dockerfile: images/front/Dockerfile}}\n"
            "  shop: {build: {context: ., dockerfile: images/shop/Dockerfile}}\n"
        ),
        "Dockerfile": "FROM python:3.12\nCOPY . .\n",
        "check.py": "print('ready')\n",
        "images/front/Dockerfile": "FROM nginx\nCOPY images/front/files/nginx.conf /etc/nginx/nginx.conf\n",
        "images/front/files/nginx.conf": "http { server { location / { proxy_pass http://shop:8000; } } }\n",
        "images/shop/Dockerfile": 'FROM python:3.12\nCOPY shop /app\nCMD ["python", "main.py"]\n',
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
