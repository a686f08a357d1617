"""What systems hold that say little of themselves: unset addresses, one image for all, shared code, templates."""

from __future__ import annotations

from test_forms import Mapped

COMPOSE = "compose.yaml"


def pairs(system_of_files: Mapped, files: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.kind) for edge in system_of_files(files).edges}


def test_an_unset_address_names_a_service_without_the_head_that_all_share(system_of_files: Mapped) -> None:
    names = ("shop_orders", "shop_bills", "shop_mails", "shop_stock")
    services = "".join(f"  {name}: {{build: ./{name.partition('_')[2]}}}\n" for name in names)
    files = {COMPOSE: f"services:\n{services}"}
    for name in names:
        folder = name.partition("_")[2]
        files[f"{folder}/Dockerfile"] = 'FROM python:3.12\nCOPY . .\nCMD ["python", "main.py"]\n'
        files[f"{folder}/main.py"] = "print('ready')\n"
    files["orders/main.py"] = (
        "import os\n\nimport requests\n\nrequests.get(os.environ['BILLS_SERVICE_URL'] + '/bills', timeout=2)\n"
    )
    assert pairs(system_of_files, files) == {("shop_orders", "shop_bills", "sync")}


DISPATCHED = {
    COMPOSE: (
        "services:\n"
        "  app: {build: {context: ., dockerfile: docker/Dockerfile}, image: shop, command: web}\n"
        "  maker: {image: shop, command: maker}\n"
        "  cache: {image: 'redis:7'}\n"
        "  ledger: {image: 'postgres:16'}\n"
    ),
    "docker/Dockerfile": 'FROM python:3.12\nCOPY . /app\nENTRYPOINT ["/app/bin/entrypoint.sh"]\nCMD ["web"]\n',
    "docker/tuning.py": "workers = 2\n",
    "bin/entrypoint.sh": (
        '#!/bin/sh\nKIND=$1\nshift\nstart_web() {\n  exec gunicorn shop.web:app\n}\n'
        'case "$KIND" in\n  web) start_web ;;\n  maker)\n    exec honcho -f /app/making/Procfile start\n    ;;\nesac\n'
    ),
    "making/Procfile": "maker: python shop/maker.py\n",
    "shop/__init__.py": "",
    "shop/web.py": (
        "import redis\nfrom flask import Flask\n\napp = Flask(__name__)\ncache = redis.Redis(host='cache')\n\n\n"
        "@app.get('/')\ndef show():\n    return cache.get('x')\n"
    ),
    "shop/maker.py": "import psycopg\n\npsycopg.connect('postgresql://ledger/x').execute('SELECT 1')\n",
}  # fmt: skip


def test_the_word_that_an_entry_point_is_handed_tells_what_a_service_runs(system_of_files: Mapped) -> None:
    assert pairs(system_of_files, DISPATCHED) == {("app", "cache", "store"), ("maker", "ledger", "store")}
    assert {one.name for one in system_of_files(DISPATCHED).services} == {"app", "maker"}


def test_a_module_on_a_path_that_an_image_sets_is_found(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: (
            "services:\n  shop:\n    build: {context: ., dockerfile: services/shop/Dockerfile}\n"
            "    environment: {BROKERS: 'line:9092'}\n  line: {image: apache/kafka}\n"
        ),
        "services/shop/Dockerfile": (
            "FROM python:3.12\nCOPY shared /app/shared\nCOPY services/shop /app\nENV PYTHONPATH=/app/shared:/app\n"
            'CMD ["python", "main.py"]\n'
        ),
        "services/shop/main.py": (
            "import os\n\nfrom line_client import Line\n\nLine(os.environ['BROKERS']).put('orders', b'1')\n"
        ),
        "shared/__init__.py": "",
        "shared/line_client.py": (
            "from confluent_kafka import Producer\n\n\nclass Line:\n    def __init__(self, brokers):\n"
            "        self.producer = Producer({'bootstrap.servers': brokers})\n\n"
            "    def put(self, topic, value):\n        self.producer.produce(topic, value=value)\n"
        ),
    }
    assert pairs(system_of_files, files) == {("shop", "line", "async")}


def test_a_driver_tells_which_store_is_meant_whose_address_is_set_nowhere(system_of_files: Mapped) -> None:
    files = {
        COMPOSE: "services:\n  shop: {build: ./shop}\n",
        "shop/Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["gunicorn", "site.wsgi"]\n',
        "shop/settings.py": (
            "import os\n\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',"
            " 'HOST': os.environ['DB_HOST']}}\n"
        ),
        "shop/models.py": "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n",
        "shop/views.py": (
            "from models import Order\n\n\ndef show(request):\n    return Order.objects.get(pk=1)\n\n\nshow(None)\n"
        ),
    }
    assert pairs(system_of_files, files) == {("shop", "postgresql", "store")}


def test_two_projects_with_services_of_one_name_are_called_as_their_containers(system_of_files: Mapped) -> None:
    files = {}
    for name in ("orders", "bills"):
        files[f"{name}/compose.yaml"] = f"services:\n  api: {{build: ., container_name: {name}-api}}\n"
        files[f"{name}/Dockerfile"] = 'FROM python:3.12\nCOPY . .\nCMD ["python", "main.py"]\n'
        files[f"{name}/main.py"] = "print('ready')\n"
    files["orders/main.py"] = "import requests\n\nrequests.get('http://bills-api:8000/', timeout=2)\n"
    system = system_of_files(files)
    assert {one.name for one in system.services} == {"orders-api", "bills-api"}
    assert [(edge.source, edge.target) for edge in system.edges] == [("orders-api", "bills-api")]


STACK = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Environment: {Variables: {TABLE: !Ref Orders}}
Resources:
  Orders: {Type: "AWS::DynamoDB::Table"}
  Placed: {Type: "AWS::SNS::Topic"}
  Bills: {Type: "AWS::SQS::Queue"}
  Told:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Placed, Endpoint: !GetAtt Bills.Arn, Protocol: sqs}
  Place:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: shop/
      Handler: place.handler
      Environment: {Variables: {PLACED_TOPIC: !Ref Placed}}
  Bill:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: shop/
      Handler: migrate_bills.handler
      Events: {Taken: {Type: SQS, Properties: {Queue: !GetAtt Bills.Arn}}}
"""


def test_functions_of_a_template_with_their_tables_topics_and_queues(system_of_files: Mapped) -> None:
    files = {
        "template.yaml": STACK,
        "shop/place.py": (
            "import os\n\nimport boto3\n\ntable = boto3.resource('dynamodb').Table(os.environ['TABLE'])\n"
            "sns = boto3.client('sns')\n\n\ndef handler(event, context):\n    table.put_item(Item=event)\n"
            "    sns.publish(TopicArn=os.environ['PLACED_TOPIC'], Message='1')\n"
        ),
        "shop/migrate_bills.py": "def handler(event, context):\n    return len(event['Records'])\n",
    }
    assert pairs(system_of_files, files) == {
        ("Place", "Orders", "store"),
        ("Place", "Placed", "async"),
        ("Bill", "Bills", "async"),
        ("Bills", "Placed", "async"),
    }


def test_a_queue_that_terraform_maps_to_a_function(system_of_files: Mapped) -> None:
    files = {
        "main.tf": """
resource "aws_sqs_queue" "bills" { name = "bills" }
resource "aws_sns_topic" "placed" { name = "placed" }
resource "aws_sns_topic_subscription" "told" {
  topic_arn = aws_sns_topic.placed.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.bills.arn
}
resource "aws_lambda_function" "biller" {
  function_name = "biller"
  filename      = "biller/app.py"
  handler       = "app.handler"
}
resource "aws_lambda_event_source_mapping" "bills" {
  event_source_arn = aws_sqs_queue.bills.arn
  function_name    = aws_lambda_function.biller.arn
}
""",
        "biller/app.py": "def handler(event, context):\n    return 1\n",
    }
    assert pairs(system_of_files, files) == {("biller", "bills", "async"), ("bills", "placed", "async")}
